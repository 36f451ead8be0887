#!/bin/sh
# Your tests of the jobs.
set -eu
sh -n "$(dirname "$0")/load.sh"

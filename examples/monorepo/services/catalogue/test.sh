#!/bin/sh
# Your tests of this component.
set -eu
test -s "$(dirname "$0")/README.md"

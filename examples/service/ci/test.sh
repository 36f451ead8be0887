#!/bin/sh
# Your tests: what was built says the version that it was built for.
set -eu
test "$(bin/shop)" = "$VERSION"

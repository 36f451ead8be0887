#!/usr/bin/env bash
# What make e2e does: an engine, the image from the Dockerfile, and the tests that run it.
# Arguments go to go test, such as -run TestCancelled.
set -euo pipefail
cd "$(dirname "$0")/../.."

variables=$(tools/e2e/engine.sh start)
trap 'tools/e2e/engine.sh stop' EXIT
eval "$variables"
echo "engine: $(docker version --format '{{.Server.Version}}')"

base=$(tools/e2e/base.sh)
echo "base: $base"
export SLIPWAY_IMAGE=slipway:e2e SLIPWAY_BASE=$base
mkdir -p bin
# With the host's network, because an engine without a bridge has no other; its proxies, if any, are taken along.
if ! DOCKER_BUILDKIT=1 docker build --progress=plain --network host --build-arg "GO_IMAGE=$base" --build-arg VERSION=e2e \
  --build-arg HTTP_PROXY --build-arg HTTPS_PROXY --build-arg NO_PROXY -t "$SLIPWAY_IMAGE" . >bin/e2e-build.log 2>&1; then
  cat bin/e2e-build.log
  echo "the image could not be built" >&2
  exit 1
fi
echo "image: $(docker image inspect --format '{{.Id}}' "$SLIPWAY_IMAGE")"

code=0
go test -tags e2e -count=1 -timeout 90m -parallel 4 -v "$@" ./internal/e2e >bin/e2e.log 2>&1 || code=$?
if [[ $code = 0 ]]; then grep -E '^ *--- |^ok|^measured' bin/e2e.log; else cat bin/e2e.log; fi
exit "$code"

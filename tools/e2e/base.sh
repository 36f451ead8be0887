#!/usr/bin/env bash
# Prints the base image to build with: the one that the Dockerfile pins, where it can be pulled; else one made
# here from the same parts, Debian bookworm with git and certificates, and this machine's Go.
# Needs an engine: eval "$(tools/e2e/engine.sh start)".
set -euo pipefail
cd "$(dirname "$0")/../.."
pinned=$(sed -n 's/^ARG GO_IMAGE=//p' Dockerfile)
local=slipway-base/golang:$(go env GOVERSION)

here() { docker image inspect "$1" >/dev/null 2>&1; }

if here "$pinned" || timeout 300 docker pull -q "$pinned" >/dev/null 2>&1; then
  echo "$pinned"
  exit
fi
if ! here "$local"; then
  echo "$pinned can't be pulled: making $local" >&2
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  if ! command -v debootstrap >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap; } >"$work/log" 2>&1 ||
      { tail -n 20 "$work/log" >&2; echo "debootstrap, which makes the base image, could not be installed" >&2; exit 1; }
  fi
  debootstrap --variant=minbase --include=git,ca-certificates bookworm "$work/root" >"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; echo "the base image could not be made" >&2; exit 1; }
  cp /etc/ssl/certs/ca-certificates.crt "$work/root/etc/ssl/certs/" # what this machine trusts
  rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/*
  mkdir -p "$work/root/usr/local"
  cp -a "$(go env GOROOT)" "$work/root/usr/local/go"
  tar -C "$work/root" -c . | docker import \
    --change 'ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$local" >/dev/null
fi
echo "$local"

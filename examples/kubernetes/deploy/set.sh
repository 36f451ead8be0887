#!/bin/sh
# Gives a slot a version: set.sh canary 1.5.0. The pods of the slot are replaced one after the other.
set -eu
kubectl set image "deployment/shop-$1" "shop=ghcr.io/${GITHUB_REPOSITORY:-acme/shop}:$2"
kubectl rollout status "deployment/shop-$1" --timeout=5m

#!/bin/sh
# Your deployment: afterwards the version that is given runs.
set -eu
kubectl set image deployment/shop "shop=registry.example/shop:$1"
kubectl rollout status deployment/shop --timeout=5m

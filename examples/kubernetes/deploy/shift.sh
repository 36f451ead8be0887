#!/bin/sh
# Gives the canary its share of the pods, and so of the traffic, or takes it away:
#   shift.sh 5%      1 of 20 pods is the canary's
#   shift.sh back    none is
# It needs kubectl, its namespace and its rights: get and patch services and deployments, update deployments/scale.
set -eu
pods=20 # in all; a share has to come out even

case ${1:-} in
  back) share=0 track=stable ;;
  *)
    share=${1:-} track=canary
    share=${share%\%}
    case $share in
      '' | *[!0-9]* | ????* | 0*) share=none ;;
    esac
    if [ "$share" = none ] || [ "$share" -gt 100 ] || [ $((share * pods % 100)) != 0 ]; then
      echo "shift.sh: \"${1:-}\" is no share of $pods pods; allowed: from $((100 / pods))% to 100% in steps of $((100 / pods))%, or back" >&2
      exit 2
    fi
    ;;
esac
canary=$((share * pods / 100))

# What grows comes first, and only takes traffic when it is ready; then what shrinks.
first=shop-canary last=shop-stable
[ "$track" = canary ] || first=shop-stable last=shop-canary
for deployment in $first $last; do
  wanted=$canary
  [ $deployment = shop-canary ] || wanted=$((pods - canary))
  kubectl scale "deployment/$deployment" --replicas="$wanted"
  kubectl rollout status "deployment/$deployment" --timeout=5m
done
kubectl patch service shop-lane --type=merge --patch "{\"spec\":{\"selector\":{\"track\":\"$track\"}}}"
echo "canary $canary of $pods pods"

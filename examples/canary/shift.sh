#!/bin/sh
# Gives the canary its share of the traffic, or takes it away:
#   shift.sh 5%      5 of 100 requests go to the canary
#   shift.sh back    none does, and the canary is in maintenance: what it still answers may end
# It needs socat and HAPROXY_SOCKET (/run/haproxy/admin.sock), and fails unless the proxy says that it is so.
set -eu
socket=${HAPROXY_SOCKET:-/run/haproxy/admin.sock}

ask() { printf '%s\n' "$1" | socat -t 5 stdio "unix-connect:$socket"; }

case ${1:-} in
  back) share=0 state=maint ;;
  *)
    share=${1:-} state=ready
    share=${share%\%}
    case $share in
      '' | *[!0-9]* | ????* | 0?*) share=none ;;
    esac
    if [ "$share" = none ] || [ "$share" -gt 100 ]; then
      echo "shift.sh: \"${1:-}\" is no share; allowed: whole percent from 0% to 100%, or back" >&2
      exit 2
    fi
    ;;
esac

# One line, so that no request falls between two weights of different steps. Its answer is empty where all went well.
said=$(ask "set server shop/canary state $state; set server shop/canary weight $share; set server shop/stable weight $((100 - share))")
if [ -n "$(printf %s "$said" | tr -d '[:space:]')" ]; then
  echo "shift.sh: the proxy says: $said" >&2
  exit 1
fi
for weight in "canary $share" "stable $((100 - share))"; do
  seen=$(ask "get weight shop/${weight% *}")
  if [ "${seen%% *}" != "${weight#* }" ]; then
    echo "shift.sh: ${weight% *} should have the weight ${weight#* }, and the proxy says: $seen" >&2
    exit 1
  fi
done
echo "canary $share%, stable $((100 - share))%"

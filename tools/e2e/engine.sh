#!/usr/bin/env bash
# The Docker Engine for make e2e: the one that is there, or Debian's, unpacked below a folder and started from it.
#   engine.sh start   prints the variables to export: eval "$(tools/e2e/engine.sh start)"
#   engine.sh stop    ends the engine of SLIPWAY_ENGINE_PID, which start has set if it began one
# The engine that is started here makes no bridge and no firewall rule: the machine's network stays as it is, and
# containers have loopback alone, or with --network host the machine's.
set -euo pipefail
home=${SLIPWAY_ENGINE:-${TMPDIR:-/tmp}/slipway-engine}
socket=unix://$home/docker.sock

give_up() {
  echo "make e2e needs a Docker Engine: $1" >&2
  echo "Start one and let DOCKER_HOST name it, or run this as root on Debian or Ubuntu, where it can start its own." >&2
  exit 1
}

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

unpack() {
  [[ -x $home/root/usr/sbin/dockerd ]] && return
  command -v apt-get >/dev/null || give_up "none answers, and there is no apt-get to fetch one with."
  mkdir -p "$home/packages" "$home/root"
  cd "$home/packages"
  # The lists of packages are old, or not there, on a fresh machine.
  apt-get update -qq >"$home/apt.log" 2>&1 || true
  apt-get download -qq docker.io containerd runc tini >>"$home/apt.log" 2>&1 ||
    give_up "none answers, and Debian's packages of one could not be fetched: $(tail -n 1 "$home/apt.log")"
  for package in *.deb; do dpkg -x "$package" "$home/root"; done
}

start() {
  if answers; then
    echo "export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock}"
    return
  fi
  [[ $(id -u) = 0 ]] || give_up "none answers, and only root can start one."
  mkdir -p "$home"
  unpack
  export PATH=$home/root/usr/bin:$home/root/usr/sbin:$PATH DOCKER_HOST=$socket
  local started=
  if ! answers; then
    rm -f "$home/pid"
    setsid dockerd --data-root "$home/data" --exec-root "$home/exec" --host "$socket" --pidfile "$home/pid" \
      --bridge=none --iptables=false --ip6tables=false --ip-forward=false >"$home/log" 2>&1 </dev/null &
    for _ in $(seq 150); do
      answers && break
      sleep 0.2
    done
    started=$(cat "$home/pid" 2>/dev/null || true)
    if ! answers; then
      SLIPWAY_ENGINE_PID=$started stop || true
      give_up "the one that was started here does not answer: $(tail -n 3 "$home/log")"
    fi
  fi
  echo "export DOCKER_HOST=$socket SLIPWAY_ENGINE_PID=$started PATH=$home/root/usr/bin:$home/root/usr/sbin:\$PATH"
}

stop() {
  local pid=${SLIPWAY_ENGINE_PID:-}
  [[ -n $pid && $(cat "/proc/$pid/comm" 2>/dev/null) = dockerd ]] || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  echo "the Docker Engine (process $pid) does not end" >&2
  return 1
}

case ${1:-} in
start) start ;;
stop) stop ;;
*)
  echo "usage: engine.sh start|stop" >&2
  exit 2
  ;;
esac

#!/bin/sh
# Installs what the integration tests run: Debian's prometheus, haproxy, graphite, chromium and socat. Run it as
# often as you like: what is there stays as it is. No service is started, not even for a moment: the test
# starts its own, on free ports of loopback.
set -eu

here() { PATH=$PATH:/usr/sbin command -v "$1" >/dev/null; }

missing=''
for program in prometheus haproxy socat; do # each is named like its package
  here "$program" || missing="$missing $program"
done
[ -x /usr/bin/carbon-cache ] || missing="$missing graphite-carbon"
[ -x /usr/bin/graphite-manage ] || missing="$missing graphite-web"
here chromium || here chromium-browser || here google-chrome || missing="$missing chromium"

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null; then
    echo "verify-it needs$missing. This machine has no apt-get: install them by its own means, and put them into PATH." >&2
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then
    as_root=''
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root='sudo -n'
  else
    echo "verify-it needs$missing, and only root can install packages. Run: sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi

  # Packages ask this file whether their service may start; 101 is no. One that is there already is another's.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 1' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
  fi
  install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing"
  # The lists of packages are old, or not there, on a fresh machine; they are only fetched where they have to be.
  if ! $install >/dev/null 2>&1; then
    $as_root apt-get update -q
    if ! $install; then
      echo "verify-it needs$missing, and they could not be installed; see what apt-get says above." >&2
      exit 1
    fi
  fi
fi

for program in prometheus haproxy socat; do
  here "$program" || { echo "$program was installed, and is not in PATH" >&2; exit 1; }
done

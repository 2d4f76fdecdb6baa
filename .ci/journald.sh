#!/usr/bin/env bash
# Puts journalctl and systemd-journal-remote where the tests of the journald source find them. Does nothing when both are
# there. Starts nothing: the tests write journals of their own and follow them.
set -euo pipefail

wanted=()
command -v journalctl >/dev/null || wanted+=(systemd)
command -v setpriv >/dev/null || wanted+=(util-linux)
[ -x /usr/lib/systemd/systemd-journal-remote ] || [ -x /lib/systemd/systemd-journal-remote ] || wanted+=(systemd-journal-remote)
[ ${#wanted[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need these packages of Debian, or the like: ${wanted[*]}. Install them and run this again." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get install --yes --no-install-recommends "${wanted[@]}" || {
  apt-get update && apt-get install --yes --no-install-recommends "${wanted[@]}"
}

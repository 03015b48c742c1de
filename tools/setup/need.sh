#!/bin/sh
# need.sh LIST... - installs what is missing of the packages in tools/setup/packages/LIST, with apt.
#
# A line there is a package and the reason for it. "package:command" is content with the command, from
# wherever it comes. Nothing missing: nothing is done, in some hundredths of a second. sudo is only
# used by somebody who is not root. Debian 12 or later, Ubuntu 24.04 or later; elsewhere it says what
# is needed and leaves it to you.
set -eu
cd "$(dirname "$0")/packages"

for list in "$@"; do
    [ -r "$list" ] || { echo "need.sh: there is no list '$list' in tools/setup/packages" >&2; exit 2; }
done

installed=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' 2>/dev/null)" || installed=" "
has_package() {  # without a process of its own: there are many packages, and this runs at every start
    case $installed in *" installed:$1 "*) ;; *) return 1 ;; esac
}

missing=""
while read -r name _; do
    case $name in
    '' | '#'*) continue ;;
    *:*) command -v "${name#*:}" >/dev/null || missing="$missing ${name%%:*}" ;;
    *) has_package "$name" || missing="$missing $name" ;;
    esac
done <<LINES
$(cat "$@")
LINES
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "There is no apt here. Please install what these Debian packages hold, then try again:" >&2
    echo " $missing" >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
        { echo "Neither root nor sudo here; please install:$missing" >&2; exit 1; }
    as_root=sudo
fi
echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
install_missing() {
    $as_root apt-get install -y -q --no-install-recommends $missing
}
# The lists of a new machine are old or empty.
install_missing || { $as_root apt-get update -q && install_missing; }

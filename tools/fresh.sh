#!/bin/sh
# fresh.sh [run] [test] - what somebody meets who has just cloned: a clean Debian in a folder (debootstrap,
# chroot), the last commit cloned into it, nothing but git and make installed, a bare environment. `run`:
# make run must answer on 8080, and start a second time within a second. `test`: make test must be green.
# Both without words. Needs root. SUITE (bookworm) and FRESH (a folder, kept) may be set.
set -eu
root=$(realpath "$(dirname "$0")/..")
suite=${SUITE:-bookworm}
[ "$(id -u)" = 0 ] || { echo "fresh.sh: needs root, for chroot" >&2; exit 1; }
[ $# -gt 0 ] || set -- run test
command -v debootstrap >/dev/null || apt-get install -y -q debootstrap
tree=${FRESH:-$(mktemp -d "${TMPDIR:-/tmp}/entrepot-fresh-XXXXXX")}

clean_up() {
    stop
    for place in dev/pts dev/shm dev proc; do
        mountpoint -q "$tree/$place" && umount -l "$tree/$place"
    done
    [ -n "${FRESH:-}" ] || rm -rf --one-file-system "$tree"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

inside() {  # inside COMMAND: in the tree, as on a new machine
    chroot "$tree" env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -ec "cd /src; $1"
}

# ---- A new machine ---------------------------------------------------------------------------------------

if [ ! -e "$tree/usr/bin/git" ]; then
    debootstrap --variant=minbase --include=ca-certificates,git,make "$suite" "$tree" >"$tree.log" 2>&1 ||
        { tail -20 "$tree.log"; exit 1; }
fi
rm -f "$tree.log"
cp /etc/resolv.conf "$tree/etc/resolv.conf"
# Where a company's network has certificate authorities of its own, the new machine knows them, too.
if ls /usr/local/share/ca-certificates/*.crt >/dev/null 2>&1; then
    cp /usr/local/share/ca-certificates/*.crt "$tree/usr/local/share/ca-certificates/"
    chroot "$tree" update-ca-certificates >/dev/null 2>&1
fi
mount -t proc proc "$tree/proc"
mount --rbind /dev "$tree/dev"
mount --make-rslave "$tree/dev"

rm -rf "$tree/src"
git clone -q "$root" "$tree/src"
git -C "$tree/src" log --oneline -1

# ---- make run --------------------------------------------------------------------------------------------

answers() {  # answers SECONDS: what the program says on 8080, before so long
    for _ in $(seq "$(($1 * 10))"); do
        curl -fsS http://localhost:8080/health/ready 2>/dev/null && return 0
        sleep 0.1
    done
    return 1
}

# The program of this tree, and no other on the machine.
server() {
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/exe" 2>/dev/null)" != "$tree/src/build/release/src/entrepot" ] ||
            echo "${process#/proc/}"
    done
}

stop() {
    for process in $(server); do
        kill "$process" 2>/dev/null || true
        while kill -0 "$process" 2>/dev/null; do sleep 0.1; done
    done
}

start() {  # start SECONDS
    inside 'make run >/tmp/run.log 2>&1 &'
    answers "$1" || { tail -40 "$tree/tmp/run.log"; return 1; }
}

try_run() {
    start 1800
    tail -12 "$tree/tmp/run.log"
    curl -sS -o /dev/null -w 'the front page: %{http_code}\n' http://localhost:8080/
    stop
    before=$(date +%s%N)
    start 10
    echo "the second start took $((($(date +%s%N) - before) / 1000000)) ms"
    stop
}

for what in "$@"; do
    started=$(date +%s)
    case $what in
    run) try_run ;;
    test) inside 'make test' ;;
    *) echo "fresh.sh: run or test, not '$what'" >&2; exit 2 ;;
    esac
    echo "-- fresh $what: $(($(date +%s) - started)) s"
done

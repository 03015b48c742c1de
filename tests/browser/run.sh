#!/bin/bash
# run.sh - the pages in a real browser: starts the program on a fresh company, walks it as people do,
# asks axe about every page in light and dark, wide and narrow, and keeps pictures.
#
#     tests/browser/run.sh BUILD [PICTURES_FOLDER]
#
# Needs node and Debian's chromium; the two packages come from the registry once, by the lock file. Says so and
# ends well where they cannot be had, unless BROWSER_REQUIRED=1.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")/src/entrepot
pictures=${2:-$(realpath "$1")/browser}

skip() {
    echo "skipped: $1"
    [ "${BROWSER_REQUIRED:-0}" = 1 ] && exit 1
    exit 0
}
command -v node > /dev/null || skip "there is no node"
command -v chromium > /dev/null || skip "there is no chromium"
if [ ! -d "$here/node_modules/playwright-core" ]; then
    (cd "$here" && npm ci --no-audit --no-fund --silent) || skip "the packages cannot be had"
fi

home=$(mktemp -d "${TMPDIR:-/tmp}/entrepot-browser-XXXXXX")
server=
finish() {
    [ -n "$server" ] && kill "$server" 2> /dev/null && wait "$server" 2> /dev/null || true
    rm -rf "$home"
}
trap finish EXIT

port=$((20000 + $$ % 20000))
cat > "$home/entrepot.ini" <<INI
[storage]
data = $home/data
master_key = $home/master.key
[http]
port = $port
INI
echo "correct horse staple" > "$home/password"
cd "$here/../.."
set -- --config "$home/entrepot.ini"
mkdir -p "$home/data"
"$program" tenant create acme --name "Northquay Goods" --modules '*' "$@" > /dev/null
"$program" tenant create other --name "Sudo Studio" --modules '*' --country SE --currency SEK "$@" > /dev/null
"$program" user create nadia@example.com --name "Nadia Alam" --password-file "$home/password" "$@"
"$program" user add nadia@example.com --tenant acme --roles Owner "$@" > /dev/null
"$program" user create jonas@example.com --name "Jonas Lind" --password-file "$home/password" "$@"
"$program" user add jonas@example.com --tenant acme --roles Viewer "$@" > /dev/null
"$program" user create mira@example.com --name "Mira Sol" --password-file "$home/password" "$@"
"$program" user add mira@example.com --tenant acme --roles Owner "$@" > /dev/null

# What walks, and what it is served from.
walk() {
    "$program" serve --config "$2" > "$home/log" 2>&1 &
    server=$!
    for _ in $(seq 100); do
        grep -q serve.ready "$home/log" && break
        sleep 0.1
    done
    if ! node "$here/$1" "http://localhost:$port" "$pictures"; then
        grep -E 'level=(error|warn)' "$home/log" | tail -20
        exit 1
    fi
    kill "$server" && wait "$server" 2> /dev/null || true
    server=
}
walk walk.mjs "$home/entrepot.ini"
walk floor.mjs "$home/entrepot.ini"
walk reach.mjs "$home/entrepot.ini"

# The demo company's shop, which is the only company of its house, so that its address needs no name.
mkdir -p "$home/demo/data"
sed "s|$home/|$home/demo/|" "$home/entrepot.ini" > "$home/demo/entrepot.ini"
"$program" demo --config "$home/demo/entrepot.ini" > /dev/null
walk shop.mjs "$home/demo/entrepot.ini"
walk pay.mjs "$home/demo/entrepot.ini"

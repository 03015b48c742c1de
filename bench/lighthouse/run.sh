#!/bin/bash
# run.sh - Lighthouse on the demo company: shop and office, mobile, throttled, the median of RUNS (5) a page.
#
#     bench/lighthouse/run.sh BUILD [RUNS [NAMES]]
#
# Needs node and Debian's chromium; the package comes from the registry once, by the lock file, into the build's
# folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")/src/entrepot
work=$(realpath "$1")/lighthouse
mkdir -p "$work"
cp "$here"/*.mjs "$here"/*.json "$work/"
[ -d "$work/node_modules/lighthouse" ] || (cd "$work" && npm ci --no-audit --no-fund --silent)
home=$(mktemp -d "${TMPDIR:-/tmp}/entrepot-lighthouse-XXXXXX")
server=
finish() {
    [ -n "$server" ] && kill "$server" 2> /dev/null && wait "$server" 2> /dev/null || true
    rm -rf "$home"
}
trap finish EXIT
port=$((20000 + $$ % 20000))
mkdir -p "$home/data"
printf '[storage]\ndata = %s/data\nmaster_key = %s/master.key\n[http]\nport = %s\n' "$home" "$home" "$port" > "$home/entrepot.ini"
cd "$here/../.."
"$program" demo --config "$home/entrepot.ini" > /dev/null
"$program" serve --config "$home/entrepot.ini" > "$home/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    grep -q serve.ready "$home/log" && break
    sleep 0.1
done
node "$work/run.mjs" "http://localhost:$port" "${2:-5}" "${3:-}"

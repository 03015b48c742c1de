#!/bin/sh
# bench.sh [NAME...] - the programs of bench/ that measure, all or those named, one after another. Each
# prints its floor beside it; docs/benchmarks.md has what came out and under what conditions. Requests
# are logged as always, to a file that goes away.
#
# Names: json i18n render pdf lane http read pages order cash books stock import search start
set -eu
cd "$(dirname "$0")/.."
bench=build/release/bench
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# quietly COMMAND...: its log is shown only when it fails.
quietly() {
    "$@" 2>"$log" || { tail -20 "$log" >&2; exit 1; }
}

# on_both NAME [ARGUMENT]
on_both() {
    quietly "$bench/$1-bench" ${2:+"$2"}
    echo "-- $1${2:+ $2}, on PostgreSQL"
    quietly tests/postgres.sh "$bench/$1-bench" ${2:+"$2"}
}

search() {
    shared=${ENTREPOT_SHARED:-../shared}
    if [ -d "$shared" ]; then
        "$bench/search-bench" "$shared"
    else
        echo "skipped, its judged searches are not here ($shared)"
    fi
}

http() {
    if command -v wrk >/dev/null; then
        bench/http_bench.sh build/release
    else
        echo "skipped: it needs wrk (apt-get install wrk)"
    fi
}

[ $# -gt 0 ] || set -- json i18n render pdf lane http read pages order cash books stock import search start
for name in "$@"; do
    echo "-- $name"
    case $name in
    json | i18n | render | pdf) "$bench/$name-bench" ;;
    lane | cash | books) on_both "$name" ;;
    order) on_both order; on_both order two ;;
    read | stock | import) quietly "$bench/$name-bench" ;;
    http) http ;;
    search) search ;;
    pages) bench/pages.py build/release/src/entrepot ;;
    start) bench/start.py build/release/src/entrepot ;;
    *) echo "bench.sh: there is no bench '$name'" >&2; exit 2 ;;
    esac
done

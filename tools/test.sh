#!/bin/sh
# test.sh - everything that make test runs: the C tests on SQLite, what touches data again on PostgreSQL,
# the fuzzers' corpora, the tools' own tests; then the browser and the API's client, each against a program
# of its own. Goes on after a failure, so that one run says all; ends with 1 when anything failed.
set -u
cd "$(dirname "$0")/.." || exit 2
build=build/asan
failed=""

part() {
    name=$1
    shift
    started=$(date +%s)
    "$@" || failed="$failed $name"
    echo "-- $name: $(($(date +%s) - started)) s"
}

# node_part FOLDER: installs what the folder's lock file names, when that changed, and runs its tests.
node_part() {
    stamp=$1/node_modules/.lock-sum
    sum=$(sha256sum "$1/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ]; then
        npm ci --prefix "$1" --no-audit --no-fund --loglevel=error || return 1
        echo "$sum" >"$stamp"
    fi
    BROWSER_REQUIRED=1 "$1/run.sh" "$build"
}

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

part c meson test -C "$build" --no-rebuild --print-errorlogs
for folder in tests/api tests/browser; do
    [ ! -d "$folder" ] || part "$folder" node_part "$folder"
done

# The C tests come first and the browser has much to say: what failed is said once more where the log ends.
c_failures() {
    awk '/^test: / { name = $0 }
         /^result: / && !/exit status 0$/ { print name; print }
         /^FAIL |^[^ ]*test[^ ]*:[0-9]+: |runtime error: |ERROR: .*Sanitizer|timed out/' \
        "$build/meson-logs/testlog.txt" | cut -c1-400 | tail -40
}

if [ -n "$failed" ]; then
    case $failed in *" c"*) c_failures ;; esac
    echo "FAILED:$failed"
    exit 1
fi
echo "all tests passed"

#!/bin/sh
# test.sh - everything that make test runs: the C tests on SQLite, what touches data again on PostgreSQL,
# the fuzzers' corpora, the tools' own tests; then the browser and the API's client, each against a program
# of its own. Goes on after a failure, so that one run says all; ends with 1 when anything failed.
#
# A C test that fails is run once more, by itself. If it then passes, the run passes, and its last lines name
# the test as unsteady: it is a fault to be found, but not a reason to refuse somebody else's change.
set -u
cd "$(dirname "$0")/.." || exit 2
build=build/asan
failed=""
unsteady=""

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

# The log's own words on what failed: the browser has much to say, and CI may keep only the end.
c_failures() {
    awk '/^test: / { name = $0 }
         /^result: / && !/exit status 0$/ { print name; print }
         /^FAIL |^[^ ]*test[^ ]*:[0-9]+: |runtime error: |ERROR: .*Sanitizer|timed out/' \
        "$build/meson-logs/testlog.txt" | cut -c1-400 | tail -40
}

# What a sanitizer finds is never forgiven.
c_part() {
    meson test -C "$build" --no-rebuild --print-errorlogs && return
    unsteady=$(c_failures)
    case $unsteady in '' | *Sanitizer* | *'runtime error'*) return 1 ;; esac
    c_failed | xargs -d '\n' meson test -C "$build" --no-rebuild --print-errorlogs --num-processes 1
}

# The names of the tests that failed, a line each, as Meson takes them.
c_failed() {
    python3 - "$build/meson-logs/testlog.json" <<'PYTHON'
import json, sys
for line in open(sys.argv[1]):
    test = json.loads(line)
    if test["result"] not in ("OK", "SKIP"):
        print(test["name"].split(" / ")[-1].split(":")[-1])
PYTHON
}

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

part c c_part
for folder in tests/api tests/browser; do
    [ ! -d "$folder" ] || part "$folder" node_part "$folder"
done

[ -z "$unsteady" ] || printf 'in the first run of the C tests:\n%s\n' "$unsteady"
if [ -n "$failed" ]; then
    echo "FAILED:$failed"
    exit 1
fi
[ -z "$unsteady" ] || echo "UNSTEADY: the tests above passed only when they were run again by themselves"
echo "all tests passed"

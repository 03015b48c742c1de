#!/bin/sh
# fuzz.sh SECONDS - runs each fuzzer of tests/fuzz for so long, on every core. What it finds lies in
# build/fuzz/found/NAME: put the input into tests/fuzz/corpus/NAME with the fix, so that every test run
# replays it.
set -u
cd "$(dirname "$0")/.." || exit 2
seconds=${1:-60}
failed=""
for fuzzer in build/fuzz/tests/fuzz/fuzz-*; do
    [ -f "$fuzzer" ] || continue  # folders of objects lie beside them
    name=${fuzzer##*/fuzz-}
    found=build/fuzz/found/$name
    mkdir -p "$found"
    echo "-- $name, $seconds s"
    "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$found/crash-" "$found" "tests/fuzz/corpus/$name" >"$found.log" 2>&1 ||
        failed="$failed $name"
    sed -n 's/^stat::number_of_executed_units: */   inputs: /p' "$found.log"
done
if [ -n "$failed" ]; then
    for name in $failed; do tail -40 "build/fuzz/found/$name.log"; done
    echo "FAILED:$failed"
    exit 1
fi

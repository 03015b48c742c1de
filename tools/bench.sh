#!/bin/sh
# bench.sh - the programs of bench/ that measure by themselves, one after another. Each prints its floor
# beside it. bench/http_bench.sh measures the server with wrk beside it, by hand.
set -eu
cd "$(dirname "$0")/.."
bench=build/release/bench
for name in json i18n render pdf lane; do
    echo "-- $name"
    "$bench/$name-bench"
done
echo "-- lane, on PostgreSQL"
tests/postgres.sh "$bench/lane-bench"
shared=${ENTREPOT_SHARED:-../shared}
if [ -d "$shared" ]; then
    echo "-- search"
    "$bench/search-bench" "$shared"
else
    echo "-- search: skipped, its judged searches are not here ($shared)"
fi

#!/bin/sh
# http_bench.sh - our server against bare evhttp: requests a second, and CPU time a request, of the same
# 200 bytes on as many loops. Takes turns, so that what else the machine does hits all alike, and
# prints the median of the rounds.
#
#     bench/http_bench.sh [BUILD_FOLDER [ROUNDS [SECONDS [CONNECTIONS]]]]
#
# Needs wrk (apt-get install wrk) and a build with -Dbuildtype=release.
set -eu

build=${1:-build/release}
rounds=${2:-5}
seconds=${3:-3}
connections=${4:-64}
loops=$(nproc)
port=9200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# measure NAME PROGRAM ARGS...: appends "requests/s cpu-us/request" to $work/NAME.
measure() {
    name=$1
    shift
    mkfifo "$work/in"
    "$@" < "$work/in" > "$work/out" 2> /dev/null &
    program=$!
    exec 3> "$work/in"
    rm "$work/in"
    sleep 0.3
    echo >&3
    wrk -t1 -c"$connections" -d"$seconds" "http://127.0.0.1:$port/" > "$work/wrk"
    echo >&3
    sleep 0.2
    exec 3>&-
    wait "$program"
    if grep -q -e 'Non-2xx' -e 'Socket errors' "$work/wrk"; then
        cat "$work/wrk" >&2
        exit 1
    fi
    requests=$(awk '/requests in/ { print $1 }' "$work/wrk")
    rate=$(awk '/Requests\/sec/ { print $2 }' "$work/wrk")
    awk -F= -v n="$requests" -v rate="$rate" \
        'NR == 1 { from = $2 } NR == 2 { printf "%.0f %.2f\n", rate, ($2 - from) / n }' \
        "$work/out" >> "$work/$name"
}

median() {  # NAME COLUMN
    sort -n -k "$2,$2" "$work/$1" | awk -v c="$2" '{ v[NR] = $c } END { print v[int((NR + 1) / 2)] }'
}

round=0
while [ "$round" -lt "$rounds" ]; do
    measure floor "$build/bench/evhttp-floor" "$port" "$loops"
    measure worker "$build/bench/http-fixed" "$port" "$loops" worker
    measure quick "$build/bench/http-fixed" "$port" "$loops" quick
    round=$((round + 1))
done

floor_rate=$(median floor 1)
floor_cpu=$(median floor 2)
printf '%-8s %12s %16s %16s %16s\n' "" "requests/s" "us CPU/request" "of floor (rate)" "of floor (CPU)"
for name in floor worker quick; do
    rate=$(median "$name" 1)
    cpu=$(median "$name" 2)
    awk -v name="$name" -v rate="$rate" -v cpu="$cpu" -v fr="$floor_rate" -v fc="$floor_cpu" 'BEGIN {
        printf "%-8s %12d %16.2f %15.0f%% %15.0f%%\n", name, rate, cpu, 100 * rate / fr, 100 * fc / cpu }'
done

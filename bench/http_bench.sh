#!/bin/sh
# http_bench.sh - our server against bare evhttp: requests a second, and CPU time a request, of the same
# 200 bytes on as many loops; and of 2 KB of JSON that are posted, read strictly and written out again
# (evhttp only sends them back). Takes turns, so that what else the machine does hits all alike, and
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
echo 'wrk.method = "GET"' >"$work/get.lua"

# An order of ten lines, about 2 KB.
awk 'BEGIN {
    body = "{\"number\":\"SO-2026-00417\",\"customer\":\"Rahim Traders\",\"lines\":["
    for (i = 0; i < 10; i++)
        body = body (i ? "," : "") "{\"id\":\"01JBX4N0Q0" i "AC\",\"variant\":\"Ladies sandal Padma, brown, " \
            "EU size 38\",\"quantity\":\"4\",\"price\":\"1290.50\",\"net\":\"5162.00\",\"position\":" i \
            ",\"is_gift\":false,\"note\":null,\"why\":\"List price\",\"code\":\"KN-1189-NVY\"}"
    printf "wrk.method = \"POST\"\nwrk.body = [==[%s]}]==]\n", body
    printf "wrk.headers[\"Content-Type\"] = \"application/json\"\n" }' >"$work/post.lua"

# measure NAME WRK_SCRIPT PROGRAM ARGS...: appends "requests/s cpu-us/request" to $work/NAME.
measure() {
    name=$1
    script=$2
    shift 2
    mkfifo "$work/in"
    "$@" < "$work/in" > "$work/out" 2> /dev/null &
    program=$!
    exec 3> "$work/in"
    rm "$work/in"
    sleep 0.3
    echo >&3
    wrk -t1 -c"$connections" -d"$seconds" -s "$script" "http://127.0.0.1:$port/" > "$work/wrk"
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
    measure floor "$work/get.lua" "$build/bench/evhttp-floor" "$port" "$loops"
    measure worker "$work/get.lua" "$build/bench/http-fixed" "$port" "$loops" worker
    measure quick "$work/get.lua" "$build/bench/http-fixed" "$port" "$loops" quick
    measure json-floor "$work/post.lua" "$build/bench/evhttp-floor" "$port" "$loops"
    measure json "$work/post.lua" "$build/bench/http-fixed" "$port" "$loops" worker
    round=$((round + 1))
done

# table FLOOR NAME...: medians, and how they compare with the floor's.
table() {
    floor_rate=$(median "$1" 1)
    floor_cpu=$(median "$1" 2)
    for name in "$@"; do
        awk -v name="$name" -v rate="$(median "$name" 1)" -v cpu="$(median "$name" 2)" -v fr="$floor_rate" \
            -v fc="$floor_cpu" 'BEGIN { printf "%-10s %12d %16.2f %15.0f%% %15.0f%%\n", name, rate, cpu,
                100 * rate / fr, 100 * fc / cpu }'
    done
}

printf '%-10s %12s %16s %16s %16s\n' "" "requests/s" "us CPU/request" "of floor (rate)" "of floor (CPU)"
table floor worker quick
table json-floor json

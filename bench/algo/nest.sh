#!/bin/sh
# nest.sh [SECONDS [INSTANCE ...]] - markers of the published instances: density beside what the issue
# requires and the published 20-minute medians. Three seeds each, two threads, median; every layout is
# checked again by the independent check. The first marker is that of the last seed; "usable" is when one was
# within 8 % of the final length. Environment: BUILD (build/release), SHARED (../shared), THREADS (2),
# SEEDS ("1 2 3").
set -eu
cd "$(dirname "$0")/../.."
tool=${BUILD:-build/release}/src/tool/entrepot-nest
data=${SHARED:-../shared}/data/nesting
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ -d "$data" ] || { echo "nest.sh: no data at $data" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# name, required, goal
table="trousers 89.8 91.6
swim 74.4 78.2
marques 89.0 91.0
albano 87.4 89.5
fu 90.7 92.3
jakobs1 86.9 89.0
shapes0 68.4 68.7
blaz1 84.2 84.6
dighe1 100 100
gardeyn0 86 89.8
gardeyn4 76 79.9
gardeyn7 83 87.0"
instances=${*:-$(echo "$table" | cut -d' ' -f1)}

echo "$seconds s, ${THREADS:-2} threads, median of seeds ${SEEDS:-1 2 3}; $(date -u +%F), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| instance | required | goal | ours | first marker | usable |"
echo "|---|---|---|---|---|---|"
for name in $instances; do
    row=$(echo "$table" | grep "^$name " || echo "$name - -")
    : >"$work/scores"
    for seed in ${SEEDS:-1 2 3}; do
        "$tool" "$data/$name.json" --seconds "$seconds" --threads "${THREADS:-2}" --seed "$seed" \
            -o "$work/layout.json" 2>"$work/progress"
        "$tool" "$data/$name.json" --check "$work/layout.json" >"$work/checked" ||
            { echo "nest.sh: $name, seed $seed: the layout is refused" >&2; exit 1; }
        sed 's/.*density \([0-9.]*\).*/\1/' "$work/checked" >>"$work/scores"
    done
    ours=$(sort -n "$work/scores" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')
    first=$(awk 'NR == 1 { printf "%s at %s s", $6, $1 }' "$work/progress")
    usable=$(awk '{ at[NR] = $1; length_of[NR] = $4 }
        END { for (i = 1; i <= NR; i++) if (length_of[i] <= 1.08 * length_of[NR]) { print at[i] " s"; exit } }' \
        "$work/progress")
    echo "$row $ours" | awk -v first="$first" -v usable="$usable" \
        '{ printf "| %s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, first, usable }'
done

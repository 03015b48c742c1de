#!/bin/sh
# forecast.sh [SET...] - the forecasts of the series files in shared/data/forecast, scored against their
# futures and the records. Names of sets pick some of them: forecast.sh m3_monthly carparts. BUILD names
# another build than build/release.
set -eu
cd "$(dirname "$0")/../.."
tool=${BUILD:-build/release}/src/tool/entrepot-forecast
data=${ENTREPOT_SHARED:-../shared}/data/forecast
[ -d "$data" ] || { echo "forecast.sh: there is no $data; set ENTREPOT_SHARED" >&2; exit 2; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# set | what is measured | required | goal
records='m3_yearly_a|smape|17.66|16.9
m3_quarterly_a|smape|9.03|8.9
m3_monthly_a|smape|13.60|13.2
m3_other_a|smape|4.50|4.4
m1_yearly|smape||
m1_quarterly|smape||
m1_monthly|smape||
online_retail_weekly_sku|rmsse|1.193|1.10
carparts_a|rmsse|0.60|'

wanted() {
    [ $# -gt 1 ] || return 0
    name=$1
    shift
    for one in "$@"; do case $name in "$one"*) return 0 ;; esac; done
    return 1
}

echo "| set | measure | required | goal | ours | MASE | WAPE | bias | in 80 % | in 95 % |"
echo "|---|---|---|---|---|---|---|---|---|---|"
echo "$records" | while IFS='|' read -r set measure required goal; do
    wanted "$set" "$@" || continue
    "$tool" "$data/$set.jsonl.gz" -o "$out/$set.jsonl"
    bench/algo/forecast_score.py "$data/$set.jsonl.gz" "$out/$set.jsonl" |
        awk -v set="$set" -v measure="$measure" -v required="$required" -v goal="$goal" '
            { value[$1] = $NF }
            END {
                printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", set, measure, required,
                    goal, value[measure], value["mase"], value["wape"], value["bias"], value["80"], value["95"]
            }'
done

#!/bin/sh
# match_teach.sh BUILD STATEMENTS - learns the weights for books without history from four generated
# ledgers (seeds that no benchmark uses) and writes them as src/algo/match/bank_default.c.
set -eu
build=$(realpath "$1")/src/tool
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for seed in 501 502 503 504; do
    python3 "$here/match_ledger.py" "$build/entrepot-statement" "$2" "$work/$seed" 12000 "$seed"
    # Ids of different ledgers must not meet.
    for file in lines items confirmed; do
        sed -E "s/\"(id|party|line)\": \"/&$seed/g; s/\"(items)\": \[\"/&$seed/; s/\", \"i([0-9]+)\"/\", \"${seed}i\1\"/g; s/\", \"i([0-9]+)\"/\", \"${seed}i\1\"/g" \
            "$work/$seed/$file.jsonl" >>"$work/$file.jsonl"
    done
done
"$build/entrepot-match" learn --lines "$work/lines.jsonl" --items "$work/items.jsonl" \
    --confirmed "$work/confirmed.jsonl" --rates USD=0.92,EUR=1 --model "$work/model.json"
python3 "$here/match_teach.py" "$work/model.json" >"$here/../../src/algo/match/bank_default.c"

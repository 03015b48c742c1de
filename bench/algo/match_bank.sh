#!/bin/sh
# match_bank.sh BUILD STATEMENTS [LINES] [SEED...] - bank lines to open items on generated ledgers: precision
# and recall of what is automatic, and the reliability curve.
set -eu
build=$1/src/tool
statements=$2
lines=${3:-20000}
[ $# -le 3 ] || { shift 3; seeds=$*; }
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for seed in ${seeds:-2 3}; do
    python3 "$here/match_ledger.py" "$build/entrepot-statement" "$statements" "$work" "$lines" "$seed"
    "$build/entrepot-match" bank --lines "$work/lines.jsonl" --items "$work/items.jsonl" \
        --rates USD=0.92,EUR=1 -o "$work/answers.jsonl"
    echo "seed $seed (required: precision 99.5, recall 85)"
    python3 "$here/match_bank_score.py" "$work/answers.jsonl" "$work/confirmed.jsonl"
done

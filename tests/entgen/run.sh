#!/bin/sh
# run.sh - whether entgen says what is wrong, in these words and on these lines, and nothing else.
#
# Each file in cases/ is one table of mistakes: '#! words' stands on the line that is wrong, '#!-1 words'
# is about the line before, '#!7 words' about line 7. A case is read after kernel.ent and stock.ent, unless
# a line '#files ...' says what is read.
set -eu
entgen=$(realpath "$1")
cases=$(cd "$(dirname "$0")/cases" && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0

fail() {
    echo "FAIL $1"
    failed=$((failed + 1))
}

# The complaints that a file announces, in the order of its lines.
expected() {
    awk -v file="$1" '{
        at = index($0, "#!")
        if (!at) next
        words = substr($0, at + 2)
        match(words, /^-?[0-9]*/)
        where = substr(words, 1, RLENGTH)
        line = where == "" ? NR : where < 0 ? NR + where : where
        print file ":" line ": error: " substr(words, RLENGTH + 2)
    }' "$1" | sort -s -t: -k2,2n
}

cd "$cases"
count=0
for case in *.ent; do
    case $case in kernel.ent | stock.ent | late.ent) continue ;; esac
    files=$(sed -n 's/^#files //p' "$case")
    files=${files:-kernel.ent stock.ent $case}
    for file in $files; do expected "$file"; done >"$out/wanted"
    status=0
    # shellcheck disable=SC2086
    "$entgen" --check $files 2>"$out/said" || status=$?
    diff -u --label "wanted of $case" --label said "$out/wanted" "$out/said" || fail "$case"
    if [ -s "$out/wanted" ]; then wanted_status=1; else wanted_status=0; fi
    [ $status = $wanted_status ] || fail "$case: ended with $status, not $wanted_status"
    count=$((count + 1))
done

# More than fifty are counted, not listed.
{
    echo "module many"
    for i in $(seq 60); do echo "entety x$i"; done
} >"$out/many.ent"
"$entgen" --check "$out/many.ent" 2>"$out/said" || true
[ "$(grep -c 'error: expected enum' "$out/said")" = 50 ] || fail "fifty mistakes are listed"
tail -1 "$out/said" | grep -qx '... and 10 more' || fail "the others are counted"

# What is wrong writes nothing, and what would not change is not written again.
mkdir "$out/gen"
"$entgen" "$out/gen" kernel.ent fields.ent 2>/dev/null && fail "wrong files are refused"
[ -z "$(ls "$out/gen")" ] || fail "wrong files write nothing"
"$entgen" "$out/gen" kernel.ent stock.ent || fail "right files are written"
[ "$(ls "$out/gen" | tr '\n' ' ')" = "kernel.gen.c kernel.gen.h stock.gen.c stock.gen.h " ] ||
    fail "a header and tables each"
touch -d 2001-01-01 "$out/gen/stock.gen.h"
"$entgen" "$out/gen" kernel.ent stock.ent
[ -z "$(find "$out/gen/stock.gen.h" -newermt 2002-01-01)" ] || fail "the same is not written again"

status=0
"$entgen" --check nowhere.ent 2>"$out/said" || status=$?
[ $status = 2 ] || fail "a missing file ends with 2, not $status"
grep -q 'cannot read nowhere.ent: No such file' "$out/said" || fail "a missing file is named"
status=0
"$entgen" 2>/dev/null || status=$?
[ $status = 2 ] || fail "no arguments end with 2, not $status"

echo "$count files of cases, $failed failed"
[ $failed = 0 ] && [ $count -gt 10 ]

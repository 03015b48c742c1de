#!/bin/sh
# run.sh - whether the collector finds every text of the samples beside it and nothing else, and says what a
# catalogue lacks. `run.sh TEXTS --update` writes the expected answers anew, to be read by the reviewer.
set -eu
texts=$(realpath "$1")
update=${2:-}
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0

fail() {
    echo "FAIL $1"
    failed=$((failed + 1))
}

# expect STATUS FILE ARGUMENTS: ends so, and says what the file holds.
expect() {
    wanted=$1 name=$2 status=0
    shift 2
    "$texts" "$@" >"$out/said" 2>"$out/complained" || status=$?
    cat "$out/complained" >>"$out/said"
    [ -z "$update" ] || cp "$out/said" "$name"
    diff -u "$name" "$out/said" || fail "$name"
    [ $status = "$wanted" ] || fail "$name: ended with $status, not $wanted"
}

expect 0 all.expected sample.h sample.c page.html sample.ent
expect 0 filled.expected --fill half.po sample.h sample.c page.html sample.ent
expect 1 lacking.expected --check half.po sample.h sample.c page.html sample.ent
expect 0 whole.expected --check whole.po whole.c
expect 1 mistakes.expected mistakes.c

# The samples count themselves.
grep -i '[^a-z]not[^a-z]' all.expected && fail "what is none was found"
for i in $(seq 37); do
    grep -qi "found $(printf %02d "$i")" all.expected || fail "found $i was not found"
done

# What it writes, it reads.
"$texts" --fill filled.expected sample.h sample.c page.html sample.ent | diff filled.expected - ||
    fail "filling again changes nothing"

for arguments in "" "--check" "--check half.po" "--wrong x.c" "nowhere.c" "nowhere.ent" \
    "--check nowhere.po sample.c" "--check sample.h sample.c"; do
    status=0
    # shellcheck disable=SC2086
    "$texts" $arguments >/dev/null 2>&1 || status=$?
    [ $status = 2 ] || fail "texts $arguments: ended with $status, not 2"
done
echo "texts: $failed failed"
[ $failed = 0 ]

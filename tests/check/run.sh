#!/bin/sh
# run.sh BUILD - whether each check finds what is wrong in its sample, and nothing else: a folder here has
# a small bad tree and what the check must say of it. `run.sh BUILD --update` writes that anew, to be read
# by the reviewer.
set -eu
build=$(realpath "$1")
update=${2:-}
cd "$(dirname "$0")"
checks=../../tools/check
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=0

fail() {
    echo "FAIL $1"
    failed=$((failed + 1))
}

# expect NAME COMMAND...: ends with 1 and says what NAME/expected holds.
expect() {
    name=$1 status=0
    shift
    "$@" >"$said" 2>&1 || status=$?
    [ -z "$update" ] || cp "$said" "$name/expected"
    [ $status != 0 ] || fail "$name: found nothing"
    diff -u "$name/expected" "$said" || fail "$name: says something else"
}

expect layers $checks/layers.sh layers/tree
expect headers $checks/headers.sh "$build" headers/tree
expect words $checks/words.sh words/tree
expect sizes $checks/sizes.sh sizes/tree
expect entities $checks/entities.sh "$build" entities/tree
expect sql $checks/sql.sh "$build" sql/tree
expect licences $checks/licences.sh "$build/tools/entgen" licences/list
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    expect form $checks/form.sh form/tree
else
    echo "skipped: form, since clang-format 14 is not here"
fi

# Each function of base/banned.h stops the compiler, which also says what to use instead.
sed -n 's/.*[ *]\([a-z]*\)(.*);$/\1/p' ../../src/base/banned.h | while read -r name; do
    printf 'void *banned = (void *)%s;\n' "$name" |
        LC_ALL=C gcc -include ../../src/base/banned.h -Werror -fsyntax-only -x c - 2>"$said" &&
        echo "FAIL banned.h: $name() compiles"
    grep -q "deprecated: use" "$said" || echo "FAIL banned.h: of $name() it does not say what instead"
done >"$said.banned"
count=$(grep -c '^BANNED' ../../src/base/banned.h)
[ "$count" -gt 10 ] || fail "banned.h: only $count functions"
if [ -s "$said.banned" ]; then
    cat "$said.banned"
    failed=$((failed + 1))
fi
rm -f "$said.banned"

echo "checks: $failed failed"
[ $failed = 0 ]

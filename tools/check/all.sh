#!/bin/sh
# all.sh BUILD [CHECK...] - every check of the source, or those named; one line each, and what is wrong
# under it. BUILD is a finished build (build/asan): some checks ask its tools.
set -u
build=$(realpath "$1")
shift
cd "$(dirname "$0")/../.." || exit 2
[ $# -gt 0 ] || set -- layers headers words sizes form entities sql texts licences scripts
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=""

# Of the program and each tool; beside a tool lies a folder of its objects.
licences_of() {
    for program in "$@"; do
        [ -f "$program" ] || continue
        echo "$(basename "$program"):"
        tools/check/licences.sh "$program" || return 1
    done
}

run() {
    # shellcheck disable=SC2046
    case $1 in
    headers | entities | sql) "tools/check/$1.sh" "$build" ;;
    texts) tools/check/texts_all.sh "$build" ;;
    licences) licences_of "$build/src/entrepot" "$build"/src/tool/entrepot-* ;;
    scripts) shellcheck -S warning -f gcc .ci/run $(find tools tests bench deploy -name '*.sh' ! -path '*/node_modules/*') ;;
    *) "tools/check/$1.sh" ;;
    esac
}

for check in "$@"; do
    if run "$check" >"$said" 2>&1; then
        echo "ok   $check"
    else
        echo "FAIL $check"
        failed="$failed $check"
    fi
    sed 's/^/     /' "$said"
done
[ -z "$failed" ] || { echo "FAILED:$failed"; exit 1; }

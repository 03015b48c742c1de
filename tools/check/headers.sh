#!/bin/sh
# headers.sh BUILD [ROOT] - whether every header compiles alone, with the flags that BUILD has for C.
set -eu
export LC_ALL=C
build=$(realpath "$1")
cd "${2:-$(dirname "$0")/../..}"
flags=$(sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$build/compile_commands.json" |
    grep -m1 'libentrepot\.a\.p' | tr ' ' '\n' | grep -E '^-(I|D|W|std)' |
    sed "s|^-I\([^/]\)|-I$build/\1|" | tr '\n' ' ')
find src -name '*.h' | LC_ALL=C sort | xargs -P "$(nproc)" -I '{}' sh -c '
    name=$0
    said=$(echo "#include \"$name\"" | gcc "$@" -Isrc -I. -w -fsyntax-only -x c - 2>&1) ||
        { echo "$said" | sed -n "s|.*error: |$name does not compile alone: |p" | head -1; exit 1; }
    ' '{}' $flags

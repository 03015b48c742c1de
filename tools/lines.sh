#!/bin/sh
# lines.sh - lines of code by part, without blank lines and comments: C, declarations, templates, scripts.
set -eu
cd "$(dirname "$0")/.." || exit 2
count() {  # count NAME FOLDER [find's conditions]
    name=$1
    folder=$2
    shift 2
    [ -d "$folder" ] || return 0
    lines=$(find "$folder" "$@" -type f \( -name '*.[ch]' -o -name '*.ent' -o -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.sh' -o -name '*.ts' \) \
        ! -path '*/node_modules/*' ! -path '*/generated/*' -exec cat {} + 2>/dev/null |
        grep -cv -E '^[[:space:]]*($|//|#[^a-z]|\*|/\*)' || true)
    printf '%-28s %7d\n' "$name" "$lines"
}
count base src/base
count algo src/algo
count "tools of algo" src/tool
for part in src/kernel/*/; do part=${part%/}; count "kernel/${part##*/}" "$part"; done
count "kernel, headers and frame" src/kernel -maxdepth 1
count web src/web
for part in src/modules/*/; do part=${part%/}; count "modules/${part##*/}" "$part"; done
for part in src/connect/*/; do part=${part%/}; [ ! -d "$part" ] || count "connect/${part##*/}" "$part"; done
count app src/app
for part in tools/*/; do part=${part%/}; count "$part" "$part"; done
count tests tests
count bench bench

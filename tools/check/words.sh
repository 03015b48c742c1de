#!/bin/sh
# words.sh [ROOT] - words that must not stand in the source, and where. Each rule says what to use
# instead. Comments are left out of the rules about calls. An exception is a line "FILE WORD reason" in
# tools/check/words.allowed.
#
# The functions of src/base/banned.h do not compile; this finds those that are banned only here and there.
set -eu
cd "${1:-$(dirname "$0")/../..}"
allowed=tools/check/words.allowed
[ -r "$allowed" ] || allowed=/dev/null

# ---- Calls: rules are "where | word | instead" -------------------------------------------------------------

find src -name '*.[ch]' ! -path src/base/banned.h | LC_ALL=C sort | xargs awk -v allowed="$allowed" '
function rule(where, words, instead) { n++; place[n] = where; word[n] = words; use[n] = instead }
BEGIN {
    rule("^src/", "gets|scanf|fscanf|sscanf|vsscanf|alloca|system|popen|tmpnam|mktemp|setenv|putenv", "it is not used here at all")
    rule("^src/", "setjmp|longjmp|sigsetjmp|siglongjmp|_setjmp|_longjmp", "ctx_guard(); only base/ctx.c jumps")
    rule("^src/(base|algo|web|modules|connect)/", "clock_gettime|gettimeofday|time|clock", "ctx->now")
    rule("^src/(base|algo|web|modules|connect)/", "getrandom|getentropy|random|drand48|rand_r|arc4random|RAND_bytes|randombytes_buf", "ctx->random, or kernel/secrets.h")
    rule("^src/(web|modules|connect)/", "malloc|calloc|realloc|free|strdup|asprintf", "NEW(ctx->arena, ...)")
    rule("^src/(base|algo|web|modules|connect)/", "getenv|secure_getenv", "kernel/config.h")
    rule("^src/(algo|web|modules)/", "fopen|open|socket|connect|fork|execve|execvp|pthread_create", "the kernel does it")
    rule("^src/(kernel|web|modules|connect)/", "printf|puts|perror", "kernel/http, log_line()")
    while ((getline line < allowed) > 0) { split(line, part, " "); is_allowed[part[1], part[2]] = 1 }
    rules = n
}
FNR == 1 { in_comment = 0 }
{
    text = $0
    gsub(/"([^"\\]|\\.)*"/, "\"\"", text)
    sub(/\/\/.*/, "", text)
    if (in_comment) { if (!sub(/^.*\*\//, "", text)) next; in_comment = 0 }
    gsub(/\/\*.*\*\//, "", text)
    if (sub(/\/\*.*/, "", text)) in_comment = 1
    # Money, quantities and rates are integers; only what is drawn on paper is measured otherwise.
    if (FILENAME ~ /^src\/modules\// && text !~ /pdf_/ && text ~ /(^|[^A-Za-z0-9_])(float|double)([^A-Za-z0-9_]|$)/ &&
        !((FILENAME, "double") in is_allowed)) {
        print FILENAME ":" FNR ": no floating point in modules: Money, Qty, Rate (base/number.h)"; bad = 1
    }
    if (text !~ /\(/) next
    for (i = 1; i <= rules; i++) {
        if (FILENAME !~ place[i]) continue
        rest = text
        while (match(rest, "(^|[^A-Za-z0-9_.>])(" word[i] ")\\(")) {
            found = substr(rest, RSTART, RLENGTH - 1); sub(/^[^A-Za-z_]/, "", found)
            if (!((FILENAME, found) in is_allowed)) {
                print FILENAME ":" FNR ": " found "() may not be called here: " use[i]; bad = 1
            }
            rest = substr(rest, RSTART + RLENGTH)
        }
    }
}
END { exit bad }' || failed=1

# ---- Text: in whatever a person reads -----------------------------------------------------------------------

# This file, its exceptions and its samples hold the words themselves.
files() {
    find Makefile README.md CHANGELOG.md meson.build .ci bench deploy docs lang src tests tools \
        -type f ! -path '*/node_modules/*' ! -path 'tests/fuzz/corpus/*' ! -path 'tests/check/*' \
        ! -path 'tools/check/words.*' ! -name '*.png' ! -name '*.woff2' ! -name '*.pdf' ! -name '*.gz' \
        ! -name package-lock.json "$@" 2>/dev/null | LC_ALL=C sort
}
complain() {  # complain WHY FILES... PATTERN
    why=$1
    pattern=$2
    shift 2
    files "$@" | xargs -r grep -nHIE -e "$pattern" | cut -d: -f1,2 | while IFS=: read -r file line; do
        grep -q "^$file $why" "$allowed" || echo "$file:$line: $why"
    done
}
said=$(
    complain todo '(^|[^A-Za-z])(TODO|FIXME|HACK)([^A-Za-z]|$)' -name '*.[ch]'
    complain todo '(^|[^A-Za-z])(TODO|FIXME|HACK)([^A-Za-z]|$)' '(' -name '*.sh' -o -name '*.ent' -o -name '*.html' -o -name '*.md' -o -name meson.build ')'
    complain path '/(work|root|home)/[A-Za-z.]' ! -name '*.supp'
    complain maker '([Cc]laude|[Aa]nthropic|[Cc]hat[Gg][Pp][Tt]|[Ss]ubagent|[Ww]orktree)'
    complain blanks '[ 	]+$' '(' -name '*.[ch]' -o -name '*.sh' -o -name '*.ent' -o -name meson.build ')'
    complain tab '	' -name '*.[ch]'
)
[ -z "$said" ] || { echo "$said" | sed '
    s/: todo$/: finish it, or write an issue: no TODO stays here/
    s/: path$/: a path of one machine/
    s/: maker$/: says how this was made, not what it is/
    s/: blanks$/: blanks at the end of the line/
    s/: tab$/: a tab; indent by four blanks/'; failed=1; }
exit ${failed:-0}

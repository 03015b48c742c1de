#!/bin/sh
# c_errors.sh - values of the wrong type do not compile, and the C compiler's errors name the template.
#
#     c_errors.sh TMPLC SOURCE_ROOT CC [ARGUMENTS]...
#
# Each row: what must be said about line 3, or "ok"; the template's line.
tmplc=$(realpath "$1") root=$(realpath "$2")
shift 2
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

while IFS='|' read -r want line; do
    [ -n "$want" ] || continue
    printf '%%include "base/number.h"\n%%page p(Str s, const char *c, char *d, int i, int64_t l, size_t z, Html h, Url u, Money m, double f, Str *q)\n%s\n' "$line" >t.html
    if ! "$tmplc" t.html t.c t.h; then
        echo "tmplc refuses: $line"
        failed=1
        continue
    fi
    "$@" -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-parameter -I"$root/src" -c t.c -o t.o 2>errors
    status=$?
    if [ "$want" = ok ] && [ $status -ne 0 ]; then
        echo "does not compile: $line"
        cat errors
        failed=1
    elif [ "$want" != ok ] && { [ $status -eq 0 ] || ! grep -q "^t.html:3:.*$want" errors; }; then
        echo "no error \"$want\" at t.html:3 for: $line"
        cat errors
        failed=1
    fi
done <<'ROWS'
ok|<b>{{s}}{{c}}{{d}}{{i}}{{l}}{{z}}{{h}}{{(Str){ c, 1 }}}</b>
ok|<b title="{{s}}{{c}}{{d}}{{i}}{{l}}{{z}}"></b>
ok|<img src="/{{s}}{{c}}{{d}}{{i}}{{l}}{{z}}" alt="" width="{{i}}" height="{{l}}">
ok|<a href="{{u}}/{{z}}">{{i}}</a><a href="tel:{{s}}">{{i}}</a>
text on a page is|<b>{{m}}</b>
text on a page is|<b>{{f}}</b>
text on a page is|<b>{{q}}</b>
text on a page is|<b>{{u}}</b>
an attribute is|<b title="{{h}}"></b>
an attribute is|<title>{{h}}</title>
an attribute is|<b title="{{m}}"></b>
this attribute is int|<img src="/" alt="" width="{{s}}">
this attribute is int|<td colspan="{{f}}"></td>
starts with literal text or is a Url|<a href="{{s}}">{{i}}</a>
starts with literal text or is a Url|<img src="/" alt="" srcset="/a, {{c}} 2x">
within an address|<a href="/{{h}}">{{i}}</a>
within an address|<a href="/{{u}}">{{i}}</a>
behind mailto: or tel:|<a href="mailto:{{i}}">{{i}}</a>
field's path is|<input field="{{m}}">
field's path is|<error field="{{i}}">
an attribute is|<input field="lines[{{f}}]">
undeclared|<b>{{missing}}</b>
undeclared|% missing = 1;
undeclared|<b ?title="{{s}}"={{missing}}></b>
ROWS
exit $failed

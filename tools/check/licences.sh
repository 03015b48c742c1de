#!/bin/sh
# licences.sh PROGRAM - the libraries that the program is linked with, and their licences, from
# tools/check/licences. One that is not listed there, or is listed as refused, fails: a new library is
# decided on (docs/dependencies.md), not slipped in. The sanitizers' runtimes are not part of the product.
set -eu
list=${2:-$(dirname "$0")/licences}
readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | awk -v list="$list" '
BEGIN {
    while ((getline line < list) > 0) {
        if (line ~ /^#/ || line == "") continue
        name = line; sub(/ .*/, "", name)
        sub(/^[^ ]* +/, "", line); licence[name] = line
    }
}
/^lib(asan|tsan|ubsan|lsan)\.so/ { next }
{
    name = $0; sub(/[.-][0-9.]*\.?so.*/, "", name)
    if (!(name in licence)) { print $0 ": which licence has it? tools/check/licences does not say"; bad = 1; next }
    if (licence[name] ~ /^refused/) { print $0 ": " licence[name]; bad = 1; next }
    told = told sprintf("  %-22s %s\n", $0, licence[name])
}
END { if (bad) exit 1; printf "%s", told }'

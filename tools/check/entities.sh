#!/bin/sh
# entities.sh BUILD [ROOT] - whether the .ent files fit together, as entgen says; in the order in which
# src/meson.build lists them, which also must list them all.
set -eu
entgen=$(realpath "$1")/tools/entgen
cd "${2:-$(dirname "$0")/../..}"
listed=$(sed -n "s|^ *'\(.*\.ent\)',\$|src/\1|p" src/meson.build)
failed=0
for file in $(find src -name '*.ent' | LC_ALL=C sort); do
    echo "$listed" | grep -qx "$file" || { echo "$file: src/meson.build does not list it"; failed=1; }
done
# shellcheck disable=SC2086
"$entgen" --check $listed 2>&1 || failed=1
exit $failed

#!/bin/sh
# sql.sh BUILD [ROOT] - statements that touch another module's tables; tools/check/sql.allowed lists the
# exceptions. The tables of src/kernel/db are the engines' own.
set -eu
sql=$(realpath "$1")/tools/sql
cd "${2:-$(dirname "$0")/../..}"
# shellcheck disable=SC2046
exec "$sql" tools/check/sql.allowed \
    $(find src \( -name '*.[ch]' -o -name '*.ent' \) ! -path 'src/kernel/db/*' | LC_ALL=C sort)

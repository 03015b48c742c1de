#!/bin/sh
# two.sh ENTREPOT-SIM OPERATIONS - one story on two databases: told on SQLite, its log replayed on PostgreSQL.
# Each operation must get the same answer, and what both hold at the end must be the same, row by row.
set -eu
program=$1
here=$(dirname "$0")
folder=$(mktemp -d "${TMPDIR:-/tmp}/entrepot-two-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM HUP

SIM_OPERATIONS=$2 SIM_LOG=$folder/log SIM_DUMP=$folder/sqlite "$program" sim
SIM_REPLAY=$folder/log SIM_DUMP=$folder/postgres "$here/../postgres.sh" "$program" sim
if ! cmp "$folder/sqlite" "$folder/postgres"; then
    diff "$folder/sqlite" "$folder/postgres" | cut -c1-600 | head -20
    exit 1
fi
echo "two databases, one answer: $(wc -l <"$folder/sqlite") rows are the same"

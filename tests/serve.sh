#!/bin/sh
# serve.sh PROGRAM COMMAND... - runs the command beside a program of its own: a fresh company "acme" with
# every module, served on a free port, stopped and removed afterwards in any case. The command finds
# ENTREPOT_URL, ENTREPOT_TENANT, ENTREPOT_LOGIN and ENTREPOT_PASSWORD. Under tests/postgres.sh everything is
# kept on PostgreSQL.
set -eu
program=$(realpath "$1")
shift
folder=$(mktemp -d "${TMPDIR:-/tmp}/entrepot-serve-XXXXXX")
server=""
clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

export ENTREPOT_DATA="$folder" ENTREPOT_HTTP_PORT=0
[ "${TEST_ENGINE:-}" != postgres ] ||
    export ENTREPOT_STORAGE_CONTROL="$TEST_PG" ENTREPOT_STORAGE_TENANTS="$TEST_PG"
export ENTREPOT_TENANT=acme ENTREPOT_LOGIN=ann@example.com
ENTREPOT_PASSWORD=$(head -c 12 /dev/urandom | od -An -tx1 | tr -d ' \n')
export ENTREPOT_PASSWORD

root=$(realpath "$(dirname "$0")/..")
ours() {
    (cd "$root" && "$program" "$@") >>"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
}
ours tenant create "$ENTREPOT_TENANT" --name "Acme Ltd"
echo "$ENTREPOT_PASSWORD" >"$folder/password"
ours user create "$ENTREPOT_LOGIN" --name "Ann" --password-file "$folder/password"
ours user add "$ENTREPOT_LOGIN" --tenant "$ENTREPOT_TENANT" --roles Owner

(cd "$root" && exec "$program" serve) >>"$folder/log" 2>&1 &
server=$!
port=""
for _ in $(seq 300); do
    port=$(sed -n 's/.*event=serve.ready port=\([0-9]*\).*/\1/p' "$folder/log")
    [ -z "$port" ] && kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
[ -n "$port" ] || { cat "$folder/log"; echo "serve.sh: it does not serve" >&2; exit 1; }
export ENTREPOT_URL="http://127.0.0.1:$port"
"$@" || { status=$?; tail -20 "$folder/log"; exit $status; }
# What the sanitizers find makes the program end badly.
kill "$server"
wait "$server" || { status=$?; tail -50 "$folder/log"; server=""; exit $status; }
server=""

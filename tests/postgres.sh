#!/bin/sh
# postgres.sh COMMAND... - runs the command with a PostgreSQL server of its own: a new cluster in a
# temporary folder, reached through a Unix socket there, stopped and removed afterwards in any case.
# The command finds TEST_ENGINE=postgres, TEST_PG (a connection string), TEST_PG_DATA and TEST_PG_CTL
# (the server's folder, and a program to stop and start it as its owner).
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "${bin:-}/initdb" ] || bin=$(dirname "$(command -v initdb)")
folder=$(mktemp -d "${TMPDIR:-/tmp}/entrepot-pg-XXXXXX")

# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    owner="runuser -u postgres --"
    user=postgres
else
    owner=""
    user=$(id -un)
fi
chmod 755 "$folder"

cat > "$folder/ctl" <<CTL
#!/bin/sh
cd / && exec $owner $bin/pg_ctl -D $folder/data -w -t 60 -l $folder/log "\$@" > /dev/null
CTL
chmod 755 "$folder/ctl"

clean_up() {
    "$folder/ctl" -m immediate stop 2>/dev/null || true
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

(cd / && $owner "$bin/initdb" -D "$folder/data" -U "$user" --auth=trust --encoding=UTF8 --locale=C --no-sync \
    > /dev/null)
$owner sh -c "cat >> $folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 120
max_locks_per_transaction = 256
shared_buffers = 256MB
wal_level = minimal
max_wal_senders = 0
full_page_writes = off
autovacuum = off
fsync = on
CONF
"$folder/ctl" start

TEST_ENGINE=postgres
TEST_PG="host=$folder user=$user dbname=postgres"
TEST_PG_DATA="$folder/data"
TEST_PG_CTL="$folder/ctl"
export TEST_ENGINE TEST_PG TEST_PG_DATA TEST_PG_CTL
"$@"

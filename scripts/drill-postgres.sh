#!/bin/sh
# Serves a PostgreSQL of its own for a fault drill: drill-postgres.sh PORT. The data live in a temporary folder that is kept
# between starts, so that a killed server comes back with its rows. PostgreSQL does not run as root: the user postgres does.
set -eu
port=$1
folder=${TMPDIR:-/tmp}/rampart-drill-postgres-$port
bin=$(command -v postgres >/dev/null 2>&1 && dirname "$(command -v postgres)" || ls -d /usr/lib/postgresql/*/bin | tail -n 1)
if [ "$(id -u)" = 0 ]; then run="setpriv --reuid=postgres --regid=postgres --clear-groups"; else run=""; fi
mkdir -p "$folder"
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
if [ ! -s "$folder/data/PG_VERSION" ]; then
  $run "$bin/initdb" -D "$folder/data" -U postgres --auth=trust --no-sync >/dev/null
fi
exec $run "$bin/postgres" -D "$folder/data" -p "$port" -h 127.0.0.1 -k "$folder"

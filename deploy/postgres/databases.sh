#!/bin/sh
# Makes what the ledger and Prefect keep in PostgreSQL: for each a role that owns one database, and nothing else.
#
# PostgreSQL's own image runs it once, when its volume is empty. By hand, as a superuser, with psql's own variables:
#
#   LEDGER_PASSWORD=… PREFECT_DATABASE_PASSWORD=… sh deploy/postgres/databases.sh
set -eu

make() { # ROLE PASSWORD: the role, and a database of the same name that nobody else may use
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --set role="$1" --set password="$2" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
}

make tailframe "${LEDGER_PASSWORD:?the password of the ledger}"
make prefect "${PREFECT_DATABASE_PASSWORD:?the password of the database of Prefect}"

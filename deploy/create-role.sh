#!/bin/sh
# Runs once, when the database volume is new: the portal's own role owns its database and is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$DB_PASSWORD" <<'SQL'
CREATE ROLE doanportal LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE DATABASE doanportal OWNER doanportal ENCODING 'UTF8' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C';
SQL

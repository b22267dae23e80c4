#!/bin/bash
# Runs once, in an empty volume: the database of notes-service, and a role that owns it and nothing else.
set -e
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set password="$NOTES_DATABASE_PASSWORD" <<'SQL'
create role notes login password :'password';
create database "micro-notes-db" owner notes
  encoding 'UTF8' locale_provider builtin locale 'C.UTF-8' template template0;
revoke connect on database "micro-notes-db" from public;
SQL

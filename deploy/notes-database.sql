-- The database of notes-service, and a role that owns it and nothing else. Run at every start: it makes what is missing,
-- and the role gets the password that it is to have now.
\set ON_ERROR_STOP on
\getenv password NOTES_DATABASE_PASSWORD
select 'create role notes login' where not exists (select from pg_roles where rolname = 'notes') \gexec
alter role notes password :'password';
select $$create database "micro-notes-db" owner notes encoding 'UTF8'
  locale_provider builtin locale 'C.UTF-8' template template0$$
  where not exists (select from pg_database where datname = 'micro-notes-db') \gexec
revoke connect on database "micro-notes-db" from public;

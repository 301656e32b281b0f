-- Once per server, as superuser: psql -d postgres -f deploy/roles.sql. Running it again changes nothing.
-- Two separate logins: nobody can RESET ROLE from the application into the owner.
-- On a server reached over the network, give both a password afterwards (\password yukuai_app).
\set ON_ERROR_STOP on

SELECT 'CREATE ROLE yukuai_owner LOGIN CREATEDB'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yukuai_owner') \gexec
SELECT 'CREATE ROLE yukuai_app LOGIN NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yukuai_app') \gexec

-- Product and test databases are made from this template: PostGIS needs a superuser.
SELECT 'CREATE DATABASE yukuai_template OWNER yukuai_owner TEMPLATE template0 ENCODING ''UTF8'' IS_TEMPLATE true'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'yukuai_template') \gexec

\connect yukuai_template
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
\ir marks.sql
ALTER SCHEMA public OWNER TO yukuai_owner;
GRANT USAGE ON SCHEMA public TO yukuai_app;
ALTER DEFAULT PRIVILEGES FOR ROLE yukuai_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO yukuai_app;
ALTER DEFAULT PRIVILEGES FOR ROLE yukuai_owner
    GRANT USAGE ON SEQUENCES TO yukuai_app;

\connect postgres
SELECT 'CREATE DATABASE yukuai OWNER yukuai_owner TEMPLATE yukuai_template'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'yukuai') \gexec

-- A database made before a mark was known lacks it.
\connect yukuai
\ir marks.sql

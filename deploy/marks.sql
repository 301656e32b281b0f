-- Once per database, as superuser: psql -d yukuai -f deploy/marks.sql. Running it again changes nothing.
-- Row-level security keeps indexes from operators that are not leakproof: these are looked up by one. Without the marks
-- every answer is right and slow. What is risked: docs/adr/0005-holders-and-tickets.md, docs/adr/0007-full-text.md.
\set ON_ERROR_STOP on
SELECT format('ALTER FUNCTION %s LEAKPROOF', oid::regprocedure)
FROM pg_proc
WHERE oid IN ('arrayoverlap(anyarray, anyarray)'::regprocedure, 'ts_match_vq(tsvector, tsquery)'::regprocedure)
    AND NOT proleakproof
\gexec

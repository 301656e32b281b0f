-- What a restored database must have besides its rows: psql -d <database> -f deploy/restored.sql, as superuser.
\set ON_ERROR_STOP on
DO $$
DECLARE
    one record;
    highest bigint;
    reached bigint;
BEGIN
    PERFORM FROM pg_proc
    WHERE oid IN ('arrayoverlap(anyarray, anyarray)'::regprocedure, 'ts_match_vq(tsvector, tsquery)'::regprocedure)
        AND NOT proleakproof;
    IF FOUND THEN
        RAISE EXCEPTION 'operators are not marked LEAKPROOF: run deploy/marks.sql';
    END IF;

    PERFORM FROM pg_roles WHERE rolname = 'yukuai_app' AND NOT rolsuper AND NOT rolbypassrls;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'yukuai_app is missing, or no policy binds it';
    END IF;

    FOR one IN
        SELECT s.oid::regclass AS sequence, d.refobjid::regclass AS owner, a.attname AS name
        FROM pg_class s
        JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE s.relkind = 'S'
    LOOP
        EXECUTE format('SELECT coalesce(max(%I), 0) FROM %s', one.name, one.owner) INTO highest;
        EXECUTE format('SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s', one.sequence)
            INTO reached;
        IF reached < highest THEN
            RAISE EXCEPTION '% gives %, but % has %', one.sequence, reached + 1, one.owner, highest;
        END IF;
    END LOOP;

    -- Seals go by transaction: below the last one nothing would ever be sealed.
    IF pg_current_xact_id()::text::bigint < (SELECT coalesce(max(until_xact), 0) FROM audit_auditseal) THEN
        RAISE EXCEPTION 'transaction numbers start below the last seal: raise them with pg_resetwal -x';
    END IF;
END $$;

"""A hand-over is evidence of what was said: taken once, rewritten never."""

from yukuai.kernel.constraints import Promise


class OnlyTaken(Promise):
    """Of a hand-over nothing changes but that it is taken, once, and where it lies."""

    create = (
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{name}: % refused', TG_OP; END $$;"
        "CREATE TRIGGER {name} BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        "CREATE TRIGGER {name}_row BEFORE UPDATE ON {table} FOR EACH ROW WHEN ("
        "to_jsonb(NEW) - '{area,division_id,state,taken_by,taken_by_id,taken_at}'::text[] "
        "IS DISTINCT FROM "
        "to_jsonb(OLD) - '{area,division_id,state,taken_by,taken_by_id,taken_at}'::text[] "
        "OR (OLD.state = 'taken' AND to_jsonb(NEW) - '{area,division_id}'::text[] "
        "IS DISTINCT FROM to_jsonb(OLD) - '{area,division_id}'::text[])) "
        "EXECUTE FUNCTION {name}()"
    )
    remove = "DROP FUNCTION {name} CASCADE"

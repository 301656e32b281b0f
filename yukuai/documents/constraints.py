"""An issued document is what it was: the database lets nobody rewrite it."""

from yukuai.kernel.constraints import Promise

MAY_CHANGE = "ARRAY['division_id', 'area', 'withdrawn_at', 'withdrawn_by', 'withdrawn_reason']"


class OnlyWithdrawn(Promise):
    """A row may follow its matter to another place and be withdrawn once; nothing else changes."""

    create = (
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '{name}: % refused', TG_OP; END $$;"
        "CREATE TRIGGER {name} BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        "CREATE TRIGGER {name}_row BEFORE UPDATE ON {table} FOR EACH ROW WHEN ("
        f"to_jsonb(NEW) - {MAY_CHANGE} IS DISTINCT FROM to_jsonb(OLD) - {MAY_CHANGE} "
        "OR OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at"
        ") EXECUTE FUNCTION {name}();"
        "REVOKE DELETE, TRUNCATE ON {table} FROM yukuai_app"
    )
    remove = "DROP FUNCTION {name} CASCADE"

"""The desk that sees a dispute follows its office, whoever moves the office."""

from yukuai.kernel.constraints import Promise


class DeskFollowsOffice(Promise):
    """When a township ends and its rows go to its successor, so do the keys of its desk: the move
    is one UPDATE over every table (divisions.following), which knows nothing of keys."""

    create = (
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "NEW.holders := array_replace(NEW.holders, "
        "('desk:justice:' || OLD.office_id)::varchar, "
        "('desk:justice:' || NEW.office_id)::varchar); "
        "RETURN NEW; END $$;"
        "CREATE TRIGGER {name} BEFORE UPDATE OF office_id ON {table} FOR EACH ROW "
        "WHEN (OLD.office_id IS DISTINCT FROM NEW.office_id) EXECUTE FUNCTION {name}()"
    )
    remove = "DROP FUNCTION {name} CASCADE"

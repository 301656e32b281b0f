"""Promises that Django cannot spell, as Meta.constraints: makemigrations finds them."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model

# The sub-select is an InitPlan: the setting is parsed once a query, not once a row.
# An unset scope is NULL, a spent one '': both match nothing and neither is an error.
AREAS = "(SELECT nullif(current_setting('yukuai.areas', true), ''))::text[]"
HOLDERS = "(SELECT nullif(current_setting('yukuai.holders', true), ''))::varchar[]"
# `nullif(…, false) IS NOT NULL` says the same as the bare test, but is estimated at 0.995
# of the rows: the planner goes on choosing as if there were no policy.
WITHIN = f"nullif(area ^@ ANY ({AREAS}), false) IS NOT NULL"
HELD = f"nullif(holders && {HOLDERS}, false) IS NOT NULL"
EVERYTHING = f"nullif('' = ANY ({AREAS}), false) IS NOT NULL"


class Promise(BaseConstraint):
    """Two SQL templates; `{name}` is the constraint's, `{table}` the model's."""

    create = remove = ""

    def constraint_sql(
        self, model: type[Model] | None, editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        assert editor is not None
        editor.deferred_sql.append(self.create_sql(model, editor))  # after CREATE TABLE

    def create_sql(self, model: type[Model] | None, editor: BaseDatabaseSchemaEditor | None) -> Any:
        return self._fill(self.create, model, editor)

    def remove_sql(self, model: type[Model] | None, editor: BaseDatabaseSchemaEditor | None) -> Any:
        return self._fill(self.remove, model, editor)

    def _fill(
        self, sql: str, model: type[Model] | None, editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        assert model is not None
        assert editor is not None
        sql = sql.replace("%", "%%").replace("{name}", self.name).replace("{table}", "%(table)s")
        return Statement(sql, table=Table(model._meta.db_table, editor.quote_name))

    def validate(self, *_args: Any, **_kwargs: Any) -> None:
        """The database judges."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.deconstruct() == self.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class AreaFollowsDivision(Promise):
    """A division that moves takes its rows along; a row cannot name a path it is not at.

    `place` names the pair of columns where a row lies in more than one place
    (`unit` → `unit_id`, `unit_area`).
    """

    def __init__(self, *, name: str, place: str = "") -> None:
        super().__init__(name=name)
        self.place = place
        columns = f"{place}_id, {place}_area" if place else "division_id, area"
        self.create = (
            f"ALTER TABLE {{table}} ADD CONSTRAINT {{name}} FOREIGN KEY ({columns}) "
            "REFERENCES divisions_division (id, path) ON UPDATE CASCADE"
        )
        self.remove = "ALTER TABLE {table} DROP CONSTRAINT {name}"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, **({"place": self.place} if self.place else {})}


class _Policy(Promise):
    rule = "false"

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        self.create = (
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            "CREATE POLICY {name} ON {table} USING (" + self.rule + ")"
        )
        self.remove = (
            "DROP POLICY {name} ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )


class AreaPolicy(_Policy):
    """Row-level security: a row exists where its area is within the transaction's scope."""

    rule = WITHIN


class HeldPolicy(_Policy):
    """A row exists in the scope's areas, and for whoever holds one of its keys."""

    rule = f"({WITHIN}) OR ({HELD})"


class _ReadPolicy(_Policy):
    """Read by a rule of its own, written within one's areas alone: four policies, one a verb."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        verbs = (
            f"FOR SELECT USING ({self.rule})",
            f"FOR INSERT WITH CHECK ({WITHIN})",
            f"FOR UPDATE USING ({WITHIN})",
            f"FOR DELETE USING ({WITHIN})",
        )
        names = [name, *(f"{name}_{verb}" for verb in ("insert", "update", "delete"))]
        policies = zip(names, verbs, strict=True)
        self.create = (
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            + ";".join(f"CREATE POLICY {policy} ON {{table}} {verb}" for policy, verb in policies)
        )
        self.remove = (
            "".join(f"DROP POLICY {policy} ON {{table}};" for policy in names)
            + "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )


class AppliesPolicy(_ReadPolicy):
    """A rule of a place is read where it applies: inside the scope's areas, and above them."""

    rule = f"({WITHIN}) OR EXISTS (SELECT FROM unnest({AREAS}) AS one WHERE one ^@ area)"


class PublishedPolicy(_ReadPolicy):
    """What is published for everybody is read by everybody, also without a scope."""

    rule = "true"


class HoldersOnlyPolicy(_Policy):
    """A row exists for whoever holds one of its keys, and for the platform itself."""

    rule = f"({HELD}) OR ({EVERYTHING})"


class ConfidablePolicy(_Policy):
    """As `HeldPolicy`; a row marked `confidential` as `HoldersOnlyPolicy`: its place opens nothing.

    For the tables that rows of both kinds share: the log, the clocks, files and papers.
    """

    rule = f"(NOT confidential AND {WITHIN}) OR ({HELD}) OR ({EVERYTHING})"


class AuditPolicy(Promise):
    """Anybody may append; read within one's areas, or what was done with one's own data."""

    create = (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY {name} ON {table} FOR SELECT USING ("
        f"({WITHIN}) OR ({HELD}));"
        "CREATE POLICY {name}_append ON {table} FOR INSERT WITH CHECK (true)"
    )
    remove = (
        "DROP POLICY {name} ON {table}; DROP POLICY {name}_append ON {table};"
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
    )


class AppendOnly(Promise):
    """No UPDATE, DELETE or TRUNCATE, whoever asks. The application also lacks the privilege.

    `follows="area"`: where the row lies may change, when a division or a matter moves.
    """

    def __init__(self, *, name: str, follows: str = "") -> None:
        super().__init__(name=name)
        self.follows = follows
        place = "'{area,division_id}'::text[]"
        self.create = (
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '{name}: % refused', TG_OP; END $$;"
            "CREATE TRIGGER {name} BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
            + (
                "CREATE TRIGGER {name}_row BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN (to_jsonb(NEW) - {place} IS DISTINCT FROM to_jsonb(OLD) - {place}) "
                "EXECUTE FUNCTION {name}();"
                if follows
                else "CREATE TRIGGER {name}_update BEFORE UPDATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
            )
            + "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM yukuai_app"
            + (";GRANT UPDATE (division_id, area) ON {table} TO yukuai_app" if follows else "")
        )
        self.remove = "DROP FUNCTION {name} CASCADE"

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), {**kwargs, **({"follows": self.follows} if self.follows else {})}


class BumpsReference(Promise):
    """What processes keep of this table (`kernel.reference`) is read anew after any change."""

    create = (
        "CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION kernel_reference_changed()"
    )
    remove = "DROP TRIGGER {name} ON {table}"

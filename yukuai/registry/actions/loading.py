"""Code sets, sources and synonyms from files. What people have changed since stays as it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yukuai.accounts.policy import Actor, Permission, require_anywhere
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.registry.models import Code, CodeSet, DataSource, Synonym

Row = Mapping[str, str]


@action
def load_codes(
    actor: Actor,
    *,
    sets: Iterable[Row],
    codes: Iterable[Row],
    sources: Iterable[Row],
    synonyms: Iterable[Row],
    at: datetime,
) -> int:
    """Adds what is not there yet; returns how much was added. Running it again adds nothing."""
    require_anywhere(actor, Permission.CATEGORY_MANAGE)
    added = 0
    by_key = {}
    for row in sets:
        said = {name: row[name] for name in ("name", "standard", "version", "source")}
        by_key[row["key"]], made = CodeSet.objects.get_or_create(key=row["key"], defaults=said)
        added += made
    known = set(Code.objects.values_list("code_set__key", "code"))
    new = [
        Code(code_set=by_key[row["set"]], code=row["code"], label=row["label"], order=order)
        for order, row in enumerate(codes)
        if (row["set"], row["code"]) not in known
    ]
    Code.objects.bulk_create(new)
    for row in sources:
        weight = {"label": row["label"], "rank": int(row["rank"]), "note": row["note"]}
        _, made = DataSource.objects.get_or_create(code=row["code"], defaults=weight)
        added += made
    for row in synonyms:
        _, made = Synonym.objects.get_or_create(
            word=row["word"], column=row["column"], defaults={"note": row["note"]}
        )
        added += made
    added += len(new)
    if added:
        record(actor, act="code.load", target="codes", area="", at=at, added=added)
    return added

"""Imports as those who may import in a community see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.kernel.errors import NotFound
from yukuai.registry.catalogue import FIELDS, BadValue, read_value
from yukuai.registry.codes import labels_of
from yukuai.registry.columns import in_words, masked
from yukuai.registry.intake import copies
from yukuai.registry.intake.files import Table, read_table
from yukuai.registry.intake.mapping import Target, targets
from yukuai.registry.models import ImportBatch

GONE = "没有这次导入。可能编号不对，也可能不在您的社区。"
REMOVED = "这次导入的文件到期删除了，记录还在。"
SAMPLES = 5


def list_imports(actor: Actor) -> QuerySet[ImportBatch]:
    """Newest first, of the communities where the actor may import."""
    rows = ImportBatch.objects.select_related("division").order_by("-asked_at", "-pk")
    return visible(actor, Permission.REGISTRY_IMPORT, rows)


def get_import(actor: Actor, *, batch_id: int) -> ImportBatch:
    found = list_imports(actor).filter(pk=batch_id).first()
    if found is None:
        raise NotFound(GONE)
    return found


def open_table(actor: Actor, *, batch: ImportBatch) -> Table:
    """The uploaded file, read again. Raises NotFound once it is gone, Unavailable, BadFile."""
    if batch.removed_at is not None:
        raise NotFound(REMOVED)
    data = copies.take_out(batch.storage_name)
    return read_table(data, name=f"file.{batch.form}")


def open_copy(actor: Actor, *, batch: ImportBatch, only_open: bool) -> bytes:
    """The file with what was found. Raises NotFound, Unavailable."""
    name = batch.errors_name if only_open else batch.copy_name
    if batch.removed_at is not None or not name:
        raise NotFound(REMOVED)
    return copies.take_out(name)


@dataclass(frozen=True)
class Sample:
    """A column with what stands in it and how that will be read, sealed values masked."""

    place: int
    heading: str
    key: str
    cells: Sequence[tuple[str, bool]]
    """Each with whether it can be read."""

    @property
    def said(self) -> list[tuple[str, bool]]:
        """Without those that say nothing."""
        return [cell for cell in self.cells if cell[0]]


def list_samples(actor: Actor, *, batch: ImportBatch, table: Table, today: Any) -> list[Sample]:
    kind = batch.kind
    known = {target.key: target for target in targets(kind)}
    rows = table.rows[batch.head + 1 : batch.head + 1 + SAMPLES]
    samples = []
    for place, (heading, key) in enumerate(zip(batch.headings, batch.columns, strict=True)):
        texts = [row.cells[place] if place < len(row.cells) else "" for row in rows]
        target = known.get(key)
        cells = [_shown(kind, target, text, today) for text in texts]
        samples.append(Sample(place, heading, key, cells))
    return samples


def _shown(kind: str, target: Target | None, text: str, today: Any) -> tuple[str, bool]:
    if target is None:  # nobody has said what it is: it may be anything
        return masked(bool(text), ""), True
    field = next((one for one in FIELDS[kind] if one.name == target.key), None)
    if field is None:
        return (masked(bool(text), "") if target.sealed else text), True
    try:
        value = read_value(field, text, codes=labels_of(field.codes), today=today)
    except BadValue:
        return (masked(True, "") if field.sealed else text), False
    if field.sealed:
        return masked(bool(value), value[-2:] if field.hint else ""), True
    return in_words(field, value), True

"""Files to import, and an import from beginning to end as the worker would do it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.conftest import NOON
from tests.registering import KEEPER
from yukuai.accounts.policy import Actor
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions import importing
from yukuai.registry.models import ImportBatch
from yukuai.registry.tasks.importing import check_import, run_import, undo_import

CLERK = replace(KEEPER, post_id=7)
PEOPLE = ["姓名", "身份证号", "手机号", "楼栋", "单元", "房号", "居住情况", "户编号", "与户主关系"]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Upload(io.BytesIO):
    def __init__(self, data: bytes, *, size: int | None = None) -> None:
        super().__init__(data)
        self.size = len(data) if size is None else size


def bring(
    rows: Sequence[Sequence[str]] | bytes,
    *,
    kind: str = "person",
    name: str = "名单.csv",
    actor: Actor = CLERK,
    division_id: int = 112,
    at: datetime = NOON,
) -> ImportBatch:
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    return importing.bring_file(
        actor, division_id=division_id, kind=kind, upload=Upload(data), name=name, at=at
    )


def tried(batch: ImportBatch, *, actor: Actor = CLERK, at: datetime = NOON, **how: Any) -> Any:
    wanted = {
        "columns": batch.columns,
        "source": "import",
        "collected_on": NOON.date(),
        "living": "",
        "adds_doubtful": False,
    } | how
    importing.name_columns(actor, batch_id=batch.pk, at=at, **wanted)
    check_import(actor, batch.pk, at)
    return now(batch)


def written(batch: ImportBatch, *, actor: Actor = CLERK, at: datetime = NOON) -> Any:
    importing.start_import(actor, batch_id=batch.pk, at=at)
    run_import(actor, batch.pk, at)
    return now(batch)


def imported(rows: Any, *, at: datetime = NOON, kind: str = "person", **how: Any) -> Any:
    return written(tried(bring(rows, kind=kind, at=at), at=at, **how), at=at)


def undone(batch: ImportBatch, *, actor: Actor = CLERK, at: datetime = NOON) -> Any:
    importing.take_back(actor, batch_id=batch.pk, at=at)
    undo_import(actor, batch.pk, at)
    return now(batch)


def now(batch: ImportBatch) -> Any:
    with scope(EVERYWHERE):
        return ImportBatch.objects.select_related("division").get(pk=batch.pk)


def some(counts: dict[str, int]) -> dict[str, int]:
    return {name: number for name, number in counts.items() if number}

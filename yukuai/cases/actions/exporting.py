"""诉求导出: asked for with a purpose, written once, kept a few days, on record for each matter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record, record_each
from yukuai.cases.actions._steps import required
from yukuai.cases.columns import COLUMNS, labels_of, moment, needs_a_reason
from yukuai.cases.events import ExportAsked, ExportReady
from yukuai.cases.exports import get_own_export
from yukuai.cases.filters import Filter, filter_cases
from yukuai.cases.models import Case, CaseExport
from yukuai.divisions.queries import get_division
from yukuai.documents import files
from yukuai.documents.handing import keep_sheet, mark_of, one_line
from yukuai.documents.sheets import MEDIA, Head
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.kernel.outbox import publish

FOLDER = "exports"
WORDS_LENGTH = 200
CHUNK = 500
STALE = timedelta(hours=24)
"""A job that has not written its file by then will not."""


@dataclass(frozen=True)
class Wish:
    """What an officer asks for. `said` is the filter in words, label and value."""

    wanted: Filter
    said: Sequence[tuple[str, str]]
    columns: Sequence[str]
    form: str
    purpose: str
    reason: str = ""


@action
def ask_export(actor: Actor, *, wish: Wish, at: datetime) -> CaseExport:
    """Few rows are written at once, many by the worker, whose word waits in the inbox."""
    policy.require_anywhere(actor, Permission.CASE_EXPORT)
    if actor.user_id is None or actor.post_id is None:
        raise NotPermitted("导出要由在岗的工作人员来做。")
    columns, purpose, reason = _check(wish)
    rows = count_export(actor, wanted=wish.wanted)
    most = settings.EXPORTS["most"]
    if rows > most:
        raise Conflict(f"一次最多导出 {most} 件，这里不止。再多选一个条件，例如收到的日期。")
    path = actor.paths_for(Permission.CASE_EXPORT)[0]
    export = CaseExport.objects.create(
        division=get_division(actor, division_id=int(path.rstrip(".").rpartition(".")[2])),
        number=_next_number(at),
        user_id=actor.user_id,
        post_id=actor.post_id,
        taken_by=actor.label,
        purpose=purpose,
        reason=reason,
        form=wish.form,
        columns=columns,
        asked=wish.wanted.as_json(),
        said=[list(pair) for pair in wish.said],
        at_once=rows <= settings.EXPORTS["at_once"],
        asked_at=at,
    )
    if export.at_once:
        _write(actor, export, at)
    else:
        publish(ExportAsked(export_id=export.pk))
    return export


@action
def write_export(actor: Actor, *, number: str, at: datetime) -> None:
    """The worker's part, with the rights the officer has now. Twice is once."""
    export = get_own_export(actor, number=number, locked=True)
    if export.ready_at is None and not export.failed_because:
        _write(actor, export, at)
        publish(ExportReady(export_id=export.pk))


@action
def fail_export(actor: Actor, *, export_id: int, because: str, at: datetime) -> None:
    """The officer is told why there will be no file."""
    rows = CaseExport.objects.filter(pk=export_id, ready_at=None, failed_because="")
    if rows.update(failed_because=because):
        publish(ExportReady(export_id=export_id))


@action
def sweep_exports(actor: Actor, *, at: datetime) -> int:
    """Files whose time is over go, with those of jobs that died; returns how many went."""
    over = CaseExport.objects.filter(removed_at=None, expires_at__lte=at)
    names = list(over.values_list("storage_name", flat=True))
    over.update(removed_at=at)
    files.remove_after_commit(*names)
    stale = CaseExport.objects.filter(ready_at=None, failed_because="", asked_at__lt=at - STALE)
    for export_id in stale.values_list("pk", flat=True):
        fail = CaseExport.objects.filter(pk=export_id)
        fail.update(failed_because="后台任务没有做完。请再导出一次。")
        publish(ExportReady(export_id=export_id))
    lost = list(_without_a_row(at))
    files.remove_after_commit(*lost)
    return len(names) + len(lost)


def _without_a_row(at: datetime) -> Iterator[str]:
    for _place, names in files.list_old(FOLDER, at=at, days=7):
        rows = CaseExport.objects.filter(storage_name__in=names, removed_at=None)
        known = set(rows.values_list("storage_name", flat=True))
        yield from (name for name in names if name not in known)


def count_export(actor: Actor, *, wanted: Filter) -> int:
    """Counted as far as anybody may export, and one further."""
    rows = _rows(actor, wanted).order_by()
    return int(rows[: settings.EXPORTS["most"] + 1].count())


def _rows(actor: Actor, wanted: Filter) -> QuerySet[Case]:
    """What the officer may look at here and now, where he may also take it away."""
    return policy.visible(actor, Permission.CASE_EXPORT, filter_cases(actor, wanted=wanted))


def _check(wish: Wish) -> tuple[list[str], str, str]:
    columns = [name for name in COLUMNS if name in set(wish.columns)]
    if not columns or set(wish.columns) - COLUMNS.keys():
        raise InvalidInput("至少选一栏。", fields={"columns": "至少选一栏。"})
    if wish.form not in MEDIA:
        raise InvalidInput("选一种文件。", fields={"form": "选一种文件。"})
    purpose = required(
        wish.purpose,
        field="purpose",
        sentence="写明导出做什么用。",
        limit=WORDS_LENGTH,
    )
    if not needs_a_reason(columns):
        return columns, purpose, ""
    sentence = "选了居民写的话，要写明为什么非要原文不可。"
    return (
        columns,
        purpose,
        required(wish.reason, field="reason", sentence=sentence, limit=WORDS_LENGTH),
    )


def _write(actor: Actor, export: CaseExport, at: datetime) -> None:
    """File, hash, entries and row in one transaction: there is no file without its record."""
    head = _head(export, at)
    cases = _rows(actor, Filter.from_json(export.asked))
    if needs_a_reason(export.columns):
        cases = cases.defer(None).defer("words")
    read = [COLUMNS[name].read for name in export.columns]
    seen = _noted(actor, export, cases, at)
    rows = ([cell(case) for cell in read] for case in seen)
    kept = keep_sheet(export.form, head, rows, folder=FOLDER, at=at)
    export.rows, export.bytes = kept.rows, kept.bytes
    export.sm3, export.storage_name = kept.sm3, kept.storage_name
    export.ready_at = at
    export.expires_at = at + timedelta(hours=settings.EXPORTS["hours"])
    export.save()
    record(
        actor,
        act="export.write",
        target=export.number,
        area=export.area,
        at=at,
        purpose=export.purpose,
        reason=export.reason,
        rows=export.rows,
        fields=labels_of(export.columns),
        wanted=dict(export.said),
        form=export.form,
        sm3=export.sm3,
    )


def _noted(actor: Actor, export: CaseExport, cases: QuerySet[Case], at: datetime) -> Iterator[Case]:
    """The matters, a few hundred at a time: whoever holds one reads who took it away."""
    found = cases.iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        record_each(
            actor,
            act="case.export",
            things=[(case.number, case.area, case.holders) for case in chunk],
            at=at,
            purpose=export.purpose,
            fields=labels_of(export.columns),
            export=export.number,
        )
        yield from chunk


def _head(export: CaseExport, at: datetime) -> Head:
    mark = mark_of(number=export.number, taken_by=export.taken_by, at=at, purpose=export.purpose)
    notes = [
        ("导出编号", export.number),
        ("谁导出的", export.taken_by),
        ("什么时候", moment(at)),
        ("用途", one_line(export.purpose)),
        ("为什么要原文", one_line(export.reason)),
        (
            "筛选",
            one_line("；".join(f"{label} {value}" for label, value in export.said)) or "没有筛选",
        ),
        ("说明", "内部资料，只用于上面写的用途，用完删除。每一件的反映人看得到谁导出过。"),
    ]
    shown = [COLUMNS[name] for name in export.columns]
    return Head(
        title=f"诉求导出 {export.number}",
        tab="诉求",
        mark=mark,
        notes=[(label, said) for label, said in notes if said],
        labels=[column.label for column in shown],
        widths=[column.width for column in shown],
    )


def _next_number(at: datetime) -> str:
    """DC-YYMM-nnnnnn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_export_number')")
        (serial,) = cursor.fetchone()
    return f"DC-{at.astimezone(SHANGHAI):%y%m}-{serial:06d}"

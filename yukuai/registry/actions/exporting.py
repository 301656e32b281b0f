"""A report leaves the platform: asked for, approved where it is about persons, taken, swept."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Sum

from yukuai.accounts.policy import Actor, Permission, require, require_anywhere
from yukuai.audit.actions import record, record_each
from yukuai.documents import files
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.outbox import publish
from yukuai.registry.events import OutputAsked, OutputSettled
from yukuai.registry.models import HandFilling, Report, ReportOutput, ReportTake
from yukuai.registry.papers import FOLDER, lay_out, write_paper
from yukuai.registry.queries.filling import Row, count_leaving, rows_opened
from yukuai.registry.queries.reports import NO_OUTPUT, get_output, get_report, own_place
from yukuai.registry.queries.summing import sum_report
from yukuai.registry.reporting import Shape, column_of, may_leave, needs_approval
from yukuai.registry.states import OutputState
from yukuai.workflow.actions import advance

P = Permission
FORMS = ("xlsx", "pdf")
CHUNK = 500
WORDS_LENGTH = 200


@action
def ask_output(
    actor: Actor,
    *,
    report_id: int,
    columns: Sequence[str],
    form: str,
    purpose: str,
    at: datetime,
) -> ReportOutput:
    """Without anything about a person it is released at once; otherwise the level above decides."""
    require_anywhere(actor, P.REPORT_USE)
    report = get_report(actor, report_id=report_id)
    output = _asked_for(actor, report, columns, form, purpose, at)
    _remember(actor, output, "report.ask", at)
    if output.personal:
        publish(OutputAsked(output_id=output.pk))
    else:
        output.until = at + timedelta(hours=settings.REPORTS["hours"])
        advance(actor, output, "release", at=at)
    return output


def _asked_for(
    actor: Actor, report: Report, columns: Sequence[str], form: str, purpose: str, at: datetime
) -> ReportOutput:
    if actor.user_id is None:
        raise NotPermitted("导出要由在岗的工作人员来做。")
    shape = report.asks
    chosen = [] if shape.is_summary else _chosen(shape, columns)
    said = _purpose(purpose)
    if form not in FORMS:
        raise InvalidInput("选一种文件。", fields={"form": "选一种文件。"})
    return ReportOutput.objects.create(
        division=own_place(actor),
        report=report,
        version=report.version,
        shape=report.shape,
        title=report.title,
        columns=chosen,
        personal=needs_approval(shape, chosen),
        form=form,
        purpose=said,
        asked_by=actor.label,
        asked_by_id=actor.user_id,
        asked_at=at,
        rows_asked=_count(actor, shape, form, at),
        until=at + timedelta(days=settings.REPORTS["answer_days"]),
    )


@action
def settle_output(
    actor: Actor, *, output_id: int, approved: bool, answer: str, at: datetime
) -> ReportOutput:
    """The level above approves for a few days, or says why not. Never one's own request."""
    output = _lock(actor, output_id)
    said = " ".join(answer.split())[:WORDS_LENGTH]
    if not approved and not said:
        sentence = "写明为什么不批准，申请的人看得到。"
        raise InvalidInput(sentence, fields={"answer": sentence})
    output.settled_by, output.settled_at, output.answer = actor.label, at, said
    if approved:
        output.until = at + timedelta(hours=settings.REPORTS["hours"])
    move = "approve" if approved else "refuse"
    advance(actor, output, move, at=at, reason=said)
    _remember(actor, output, f"report.{move}", at)
    publish(OutputSettled(output_id=output.pk))
    return output


@action
def take_output(actor: Actor, *, output_id: int, token: UUID, at: datetime) -> ReportOutput:
    """One download with one token, by whoever asked. The file is written at the first, with the
    rights he has now; each person in it reads of it."""
    output = _lock(actor, output_id)
    if output.asked_by_id != actor.user_id:
        raise NotPermitted("谁申请的谁下载。要用的话，请您自己申请一次。")
    require(actor, P.REPORT_USE, output)
    if output.state != OutputState.APPROVED:
        raise Conflict(f"现在是“{output.get_state_display()}”，不能下载。")
    if output.until <= at:
        raise Conflict("下载的日子过了。需要的话，请再申请一次。")
    if ReportTake.objects.filter(token=token).exists():
        raise Conflict("这次下载已经用过了。回到这一页，再按一次“下载”。")
    ReportTake.objects.create(
        output=output, token=token, taken_by=actor.label, taken_at=at, division=output.division
    )
    if output.ready_at is None:
        _write(actor, output, at)
    _remember(actor, output, "report.take", at, sm3=output.sm3)
    return output


@action
def sweep_outputs(actor: Actor, *, at: datetime) -> int:
    """What nobody answered or took in time lapses, and its file goes; returns how many."""
    over = ReportOutput.objects.select_for_update(of=("self",)).filter(
        state__in=[OutputState.ASKED, OutputState.APPROVED], until__lte=at
    )
    lapsed = list(over.select_related("division").order_by("pk"))
    for output in lapsed:
        if output.storage_name:
            output.removed_at = at
            files.remove_after_commit(output.storage_name)
        advance(actor, output, "expire", at=at)
    files.remove_after_commit(*_without_a_row(at))
    return len(lapsed)


def _without_a_row(at: datetime) -> Iterator[str]:
    for _place, names in files.list_old(FOLDER, at=at, days=7):
        rows = ReportOutput.objects.filter(storage_name__in=names, removed_at=None)
        known = set(rows.values_list("storage_name", flat=True))
        yield from (name for name in names if name not in known)


def _lock(actor: Actor, output_id: int) -> ReportOutput:
    get_output(actor, output_id=output_id)
    rows = ReportOutput.objects.select_for_update(of=("self",)).select_related("division", "report")
    found = rows.filter(pk=output_id).first()
    if found is None:
        raise NotFound(NO_OUTPUT)
    return found


def _purpose(typed: str) -> str:
    said = " ".join(typed.split())
    if not said or len(said) > WORDS_LENGTH:
        sentence = f"写明导出做什么用，最多 {WORDS_LENGTH} 个字。"
        raise InvalidInput(sentence, fields={"purpose": sentence})
    return said


def _chosen(shape: Shape, columns: Sequence[str]) -> list[str]:
    """In the order of the report. Raises InvalidInput for what must stay inside."""
    chosen = [name for name in shape.columns if name in set(columns)]
    if not chosen or set(columns) - set(shape.columns):
        raise InvalidInput("至少选一栏。", fields={"columns": "至少选一栏。"})
    allowed = bool(settings.REPORTS["sensitive"])
    held = [
        c.label
        for c in (column_of(shape.kind, n) for n in chosen)
        if not may_leave(c, sensitive=allowed)
    ]
    if held:
        sentence = f"{'、'.join(held)}不能导出，只能在平台里按用途打开看。"
        raise InvalidInput(sentence, fields={"columns": sentence})
    return chosen


def _count(actor: Actor, shape: Shape, form: str, at: datetime) -> int:
    if shape.is_summary:
        return len(sum_report(actor, shape=shape, at=at).lines)
    rows = count_leaving(actor, shape=shape, at=at).rows
    most = settings.REPORTS["pdf_most" if form == "pdf" else "most"]
    if rows > most:
        other = "，或者导出 Excel" if form == "pdf" else ""
        raise Conflict(f"一次最多 {most} 行，这里有 {rows} 行。在表里加一个条件{other}。")
    return rows


def _write(actor: Actor, output: ReportOutput, at: datetime) -> None:
    """File, hash, entries and row in one transaction: there is no file without its record."""
    shape = replace(output.asks, columns=tuple(output.columns))
    if shape.is_summary:
        summary = sum_report(actor, shape=shape, at=at)
        paper = lay_out(output, shape, summary.head, taken_by=actor.label, at=at)
        lines = [[line.place, *line.numbers] for line in summary.lines]
        output.filled = summary.cells
        rows: Any = [*lines, ["合计", *summary.total]] if lines else []
    else:
        labels = [column_of(shape.kind, name).label for name in shape.columns]
        children = count_leaving(actor, shape=shape, at=at).children
        paper = lay_out(output, shape, labels, taken_by=actor.label, at=at, children=children)
        most = settings.REPORTS["pdf_most" if output.form == "pdf" else "most"]
        found = rows_opened(actor, shape=shape, at=at, most=most)
        rows = _cells(output, _noted(actor, output, found, at))
    kept = write_paper(output.form, paper, rows, at=at)
    output.rows, output.bytes = kept.rows, kept.bytes
    output.sm3, output.storage_name, output.ready_at = kept.sm3, kept.storage_name, at
    output.typed = _typed(output)
    output.save()
    _remember(actor, output, "report.write", at, rows=kept.rows, sm3=kept.sm3)


def _cells(output: ReportOutput, rows: Iterator[Row]) -> Iterator[list[str]]:
    """Each row as texts; what filled itself is counted on the way."""
    for row in rows:
        texts = [cell.text for cell in row.cells]
        known = sum(map(bool, texts))
        output.filled += known
        output.empty += len(texts) - known
        yield texts


def _noted(actor: Actor, output: ReportOutput, rows: Iterator[Row], at: datetime) -> Iterator[Row]:
    """A few hundred at a time: whoever is in it reads who took it away, and what for."""
    labels = [column_of(output.asks.kind, name).label for name in output.columns]
    while chunk := list(islice(rows, CHUNK)):
        if output.personal:
            record_each(
                actor,
                act="registry.export",
                things=[(row.target, row.area, row.holders) for row in chunk],
                at=at,
                purpose=output.purpose,
                fields=labels,
                export=output.number,
            )
        yield from chunk


def _typed(output: ReportOutput) -> int:
    """What was typed for this report here since the last time; counted once."""
    rows = HandFilling.objects.filter(area=output.area, report=output.report, output=None)
    typed = rows.aggregate(cells=Sum("cells"))["cells"] or 0
    rows.update(output=output)
    return int(typed)


def _remember(actor: Actor, output: ReportOutput, act: str, at: datetime, **details: Any) -> None:
    record(
        actor,
        act=act,
        target=output.number,
        area=output.area,
        at=at,
        purpose=output.purpose,
        title=output.title,
        fields=[column_of(output.asks.kind, name).label for name in output.columns],
        **details,
    )

"""Definitions of reports are kept; what a report lacks is typed once, into the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yukuai.accounts.policy import Actor, Permission, require_anywhere
from yukuai.audit.actions import record
from yukuai.kernel.actions import action, as_step
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.registry.actions.recording import amend
from yukuai.registry.codes import all_labels
from yukuai.registry.keeping import Said
from yukuai.registry.models import HandFilling, Report
from yukuai.registry.queries.filling import require_rows
from yukuai.registry.queries.reports import get_report, is_own, own_place
from yukuai.registry.reporting import BadShape, Shape, check_shape, column_of, uses_care

P = Permission
NOT_OWN = "这张表是上级定的，您可以用，不能改。"
LIMITS = {"name": 60, "title": 120, "basis": 200, "purpose": 200, "recipient": 120}
LABELS = {
    "name": "表名",
    "title": "标题",
    "basis": "依据",
    "purpose": "用途",
    "recipient": "报给谁",
}
NEEDED = ("name", "title", "purpose")


@dataclass(frozen=True)
class Head:
    """What stands above the table."""

    name: str
    title: str
    purpose: str
    basis: str = ""
    recipient: str = ""


@action
def save_report(
    actor: Actor, *, head: Head, shape: Shape, at: datetime, report_id: int | None = None
) -> Report:
    """A definition of one's own place, new or a next version."""
    require_anywhere(actor, P.REPORT_USE)
    said, asked = _checked(head), _shaped(actor, shape, at)
    if report_id is None:
        report = Report(
            division=own_place(actor),
            made_by=actor.label,
            made_at=at,
            version=0,
        )
    else:
        report = _lock_own(actor, report_id)
    for name, text in said.items():
        setattr(report, name, text)
    report.shape = asked.as_json()
    report.version += 1
    report.changed_by, report.changed_at = actor.label, at
    _check_name(report)
    report.save()
    record(
        actor,
        act="report.save",
        target=f"report:{report.pk}",
        area=report.area,
        at=at,
        name=report.name,
        version=report.version,
    )
    return report


@action
def retire_report(actor: Actor, *, report_id: int, at: datetime) -> None:
    """Nobody is offered it any more; what it made stays on record."""
    report = _lock_own(actor, report_id)
    report.retired_at = at
    report.save(update_fields=["retired_at"])
    record(
        actor,
        act="report.retire",
        target=f"report:{report.pk}",
        area=report.area,
        at=at,
        name=report.name,
    )


@action
def fill_in(
    actor: Actor,
    *,
    report_id: int,
    cells: Mapping[str, str],
    source: str,
    collected_on: date,
    at: datetime,
) -> int:
    """What the keeper knows of the empty cells goes into the register, seen to by him, so that the
    next report has it. All of it or nothing; returns how many cells. `cells` by `Cell.key`; the
    sentences of InvalidInput too."""
    report = get_report(actor, report_id=report_id)
    require_rows(actor, report.asks)
    said = Said(source, collected_on, seen=True)
    wrong: dict[str, str] = {}
    typed = 0
    for (kind, subject_id), values in _by_record(report.asks, cells).items():
        try:
            as_step(amend)(actor, kind=kind, subject_id=subject_id, values=values, said=said, at=at)
        except InvalidInput as error:
            known = {name for name in error.fields if name in values}
            wrong |= {f"{kind}-{subject_id}-{name}": error.fields[name] for name in known}
            if not known:
                raise
        typed += len(values)
    if wrong:
        raise InvalidInput("有几格要改，改好再存；一格都还没有存。", fields=wrong)
    if not typed:
        raise InvalidInput("还没有填。空着的格子知道多少填多少。")
    HandFilling.objects.create(
        division=own_place(actor),
        report=report,
        cells=typed,
        typed_by=actor.label,
        typed_at=at,
    )
    return typed


def _by_record(shape: Shape, cells: Mapping[str, str]) -> dict[tuple[str, int], dict[str, str]]:
    """Only what the report asks for."""
    asked = {
        (one.source, one.field.name) for one in (column_of(shape.kind, n) for n in shape.columns)
    }
    found: dict[tuple[str, int], dict[str, str]] = {}
    for key, text in cells.items():
        kind, _, rest = key.rpartition("-")[0].rpartition("-")
        field = key.rpartition("-")[2]
        if text.strip() and (kind, field) in asked and rest.isascii() and rest.isdigit():
            found.setdefault((kind, int(rest)), {})[field] = text
    return found


def _checked(head: Head) -> dict[str, str]:
    said = {name: " ".join(getattr(head, name).split()) for name in LIMITS}
    wrong = {name: f"请写{LABELS[name]}。" for name in NEEDED if not said[name]}
    for name, limit in LIMITS.items():
        if len(said[name]) > limit:
            wrong[name] = f"{LABELS[name]}最多 {limit} 个字，现在有 {len(said[name])} 个。"
    if wrong:
        raise InvalidInput("有几处要改，改好再保存。", fields=wrong)
    return said


def _shaped(actor: Actor, shape: Shape, at: datetime) -> Shape:
    if uses_care(shape) and not actor.may(P.REGISTRY_VIEW):
        raise NotPermitted("特殊服务类别只给服务他们的村（社区）和乡镇（街道）用。")
    try:
        return check_shape(shape, codes=all_labels(), today=today(at))
    except BadShape as error:
        raise InvalidInput(str(error), fields={error.part: str(error)}) from error


def _lock_own(actor: Actor, report_id: int) -> Report:
    if not is_own(actor, report=get_report(actor, report_id=report_id)):
        raise NotPermitted(NOT_OWN)
    return Report.objects.select_for_update().get(pk=report_id)


def _check_name(report: Report) -> None:
    """The database keeps the promise; this explains it."""
    same = Report.objects.filter(division_id=report.division_id, name=report.name, retired_at=None)
    if same.exclude(pk=report.pk).exists():
        sentence = "这里已经有一张同名的表，换个名字。"
        raise InvalidInput(sentence, fields={"name": sentence})

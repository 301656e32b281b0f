"""The worker's part of an import: lines are tried, and then written, a few thousand at a time.

Each call is one transaction that also says how far it has come: a worker that dies leaves whole
portions, and the next one goes on behind them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor, require
from yukuai.audit.actions import record, record_each
from yukuai.documents import files
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.outbox import publish
from yukuai.registry.actions.importing import advance, lock_import
from yukuai.registry.events import RecordsTouched
from yukuai.registry.intake import copies
from yukuai.registry.intake.files import Row, Table
from yukuai.registry.intake.homes import Setting
from yukuai.registry.intake.judging import Judge, Judged, count, is_taken
from yukuai.registry.intake.people import PeopleJudge
from yukuai.registry.intake.things import (
    BuildingJudge,
    CompoundJudge,
    DwellingJudge,
    ThingsJudge,
)
from yukuai.registry.intake.writing import write_lines
from yukuai.registry.keeping import Said, evidence_for, permission_to_keep
from yukuai.registry.models import ImportBatch
from yukuai.registry.states import Kind, Outcome, Stage

JUDGES: Mapping[str, type[Judge]] = {
    Kind.PERSON: PeopleJudge,
    Kind.DWELLING: DwellingJudge,
    Kind.BUILDING: BuildingJudge,
    Kind.COMPOUND: CompoundJudge,
}
ELSEWHERE = "这一段已经由另一个后台进程做了。"
TOLD = (Outcome.NEW, Outcome.UPDATED, Outcome.NOTED)


def judge_of(actor: Actor, batch: ImportBatch, *, at: datetime) -> Judge:
    """A step: whoever judges the lines of this import, with what is there just now."""
    if batch.collected_on is None:
        raise InvalidInput("还没有对应栏目。")
    require(actor, permission_to_keep(batch.kind), batch)
    evidence = evidence_for(actor, Said(batch.source, batch.collected_on), at)
    setting = Setting(
        actor=actor,
        kind=batch.kind,
        division=batch.division,
        evidence=evidence,
        living=batch.living,
        adds_doubtful=batch.adds_doubtful,
        batch_id=batch.pk,
        day=today(at),
        at=at,
    )
    judge = JUDGES.get(batch.kind, ThingsJudge)(setting, batch.columns)
    judge.load()
    return judge


@action
def begin(actor: Actor, *, batch_id: int, stage: str, at: datetime) -> tuple[ImportBatch, Judge]:
    """What the worker needs to go on with this import. Raises Conflict when it has moved on."""
    batch = _at(actor, batch_id, stage)
    return batch, judge_of(actor, batch, at=at)


@action
def try_lines(
    actor: Actor, *, batch_id: int, judge: Judge, rows: Sequence[Row], at: datetime
) -> list[Judged]:
    """Nothing is written but how far it has come."""
    batch = _at(actor, batch_id, Stage.CHECKING)
    judged = judge.judge(rows)
    judge.homes.forget_fresh()
    judged = [Judged(one.line, one.digest, one.outcome, one.words) for one in judged]
    batch.upto += len(rows)
    batch.save(update_fields=["upto"])
    return judged


@action
def finish_check(
    actor: Actor, *, batch_id: int, table: Table, judged: Sequence[Judged], at: datetime
) -> None:
    """The copies that say what was found, for whoever mends the file."""
    batch = _at(actor, batch_id, Stage.CHECKING)
    batch.tried, batch.checked_at = count(judged), at
    said = {one.line: (one.outcome.label, one.words) for one in judged}
    files.remove_after_commit(*filter(None, (batch.copy_name, batch.errors_name)))
    batch.copy_name = copies.put_away(copies.write_copy(table, batch.head, said), at=at)
    batch.errors_name = ""
    if not all(map(is_taken, judged)):
        data = copies.write_copy(table, batch.head, said, only_open=True)
        batch.errors_name = copies.put_away(data, at=at)
    advance(batch, Stage.CHECKED, at=at)


@action
def write_portion(
    actor: Actor, *, batch_id: int, judge: Judge, rows: Sequence[Row], upto: int, at: datetime
) -> None:
    """These lines, which begin behind `upto`; twice is once."""
    batch = _at(actor, batch_id, Stage.RUNNING)
    if batch.upto != upto:
        raise Conflict(ELSEWHERE)
    judge.writes = True
    judged = judge.judge(rows)
    entrances = write_lines(judge, judged, at=at)
    told = [one for one in judged if one.outcome in TOLD and batch.kind == Kind.PERSON]
    record_each(
        actor,
        act="person.import",
        things=[(one.row.target, batch.area, one.row.holders) for one in told],
        at=at,
        batch=batch.pk,
        source=batch.source,
    )
    publish(RecordsTouched(batch.division_id))
    batch.made = {"entrances": [*batch.made.get("entrances", ()), *entrances]}
    counts = count(judged)
    batch.counts = {name: batch.counts.get(name, 0) + number for name, number in counts.items()}
    batch.upto += len(rows)
    batch.save(update_fields=["made", "counts", "upto"])


@action
def finish_import(actor: Actor, *, batch_id: int, at: datetime) -> None:
    batch = _at(actor, batch_id, Stage.RUNNING)
    batch.done_at = at
    advance(batch, Stage.DONE, at=at)
    record(
        actor,
        act="import.done",
        target=batch.target,
        area=batch.area,
        at=at,
        kind=batch.get_kind_display(),
        file=batch.file_name,
        sm3=batch.sm3,
        counts={Outcome(name).label: number for name, number in batch.counts.items()},
    )


def _at(actor: Actor, batch_id: int, stage: str) -> Any:
    batch = lock_import(actor, batch_id)
    if batch.stage != stage:
        raise Conflict(ELSEWHERE)
    return batch

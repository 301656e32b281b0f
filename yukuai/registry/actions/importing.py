"""批量导入: a file is brought, its columns named; the worker tries it, and then writes it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.divisions.states import DivisionKind
from yukuai.documents import files
from yukuai.kernel import crypto, locks
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.kernel.outbox import publish
from yukuai.registry.events import ImportAsked
from yukuai.registry.intake import copies
from yukuai.registry.intake.files import MAX_CELL, BadFile, Upload, read_table, read_upload
from yukuai.registry.intake.mapping import (
    KINDS,
    BadMapping,
    check_mapping,
    find_headings,
    guess,
    tidy,
)
from yukuai.registry.keeping import Said, evidence_for, permission_to_keep
from yukuai.registry.models import ImportBatch, ImportMapping
from yukuai.registry.queries.importing import get_import
from yukuai.registry.states import STAGES, WORKING, Living, Stage

NAME_LENGTH, HEADING_LENGTH = 100, 60
STALE = timedelta(hours=24)
STOPPED = "后台任务没有做完。请接着做。"
BUSY = "本社区有另一个导入正在做，等它做完再来。"


@action
def bring_file(
    actor: Actor, *, division_id: int, kind: str, upload: Upload, name: str, at: datetime
) -> ImportBatch:
    """The file is judged by its content, sealed and kept for some days; its columns are guessed."""
    if actor.user_id is None or actor.post_id is None:
        raise NotPermitted("导入要由在岗的工作人员来做。")
    division = get_division(actor, division_id=division_id)
    batch = ImportBatch(division=division, area=division.path, kind=kind)
    if division.kind != DivisionKind.COMMUNITY or division.valid_to is not None:
        raise InvalidInput(f"导入要在{DivisionKind.COMMUNITY.label}这一级做。")
    if kind not in KINDS:
        raise InvalidInput("请选择导入什么。", fields={"kind": "请选择导入什么。"})
    require(actor, Permission.REGISTRY_IMPORT, batch)
    require(actor, permission_to_keep(kind), batch)
    try:
        data = read_upload(upload)
        table = read_table(data, name=name)
    except BadFile as error:
        raise InvalidInput(str(error), fields={"file": str(error)}) from error
    batch.head = find_headings(kind, table)
    headings = [text[:HEADING_LENGTH] for text in table.rows[batch.head].cells]
    batch.headings = headings
    batch.columns = _remembered(batch) or guess(kind, headings)
    batch.lines = len(table.rows) - batch.head - 1
    if not batch.lines:
        raise InvalidInput("栏目名下面没有数据。", fields={"file": "栏目名下面没有数据。"})
    batch.user_id, batch.post_id, batch.brought_by = actor.user_id, actor.post_id, actor.label
    batch.file_name, batch.form = name[-NAME_LENGTH:], table.form
    batch.sm3 = crypto.digest(data)
    batch.asked_at = batch.moved_at = at
    batch.expires_at = at + timedelta(days=settings.IMPORT_DAYS)
    batch.storage_name = copies.put_away(data, at=at)
    batch.save()
    _note(actor, batch, "import.bring", at)
    return batch


@action
def name_columns(
    actor: Actor,
    *,
    batch_id: int,
    columns: Sequence[str],
    source: str,
    collected_on: date,
    living: str,
    adds_doubtful: bool,
    at: datetime,
) -> ImportBatch:
    """What each column is, and on what the file rests; from here the worker tries it."""
    batch = lock_import(actor, batch_id)
    if len(columns) != len(batch.headings):
        raise InvalidInput("栏目和文件对不上，请重新上传。")
    try:
        check_mapping(batch.kind, columns)
    except BadMapping as error:
        raise InvalidInput(str(error)) from error
    evidence_for(actor, Said(source, collected_on), at)
    if living and living not in Living.values:
        raise InvalidInput("请选择居住情况。", fields={"living": "请选择居住情况。"})
    batch.columns, batch.source, batch.collected_on = list(columns), source, collected_on
    batch.living, batch.adds_doubtful = living, adds_doubtful
    ImportMapping.objects.update_or_create(
        division=batch.division,
        kind=batch.kind,
        heads=_heads(batch),
        defaults={"columns": batch.columns},
    )
    batch.tried, batch.upto, batch.failed_because = {}, 0, ""
    advance(batch, Stage.CHECKING, at=at)
    publish(ImportAsked(batch.pk))
    return batch


@action
def change_columns(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """Back to the columns, with what was said of them."""
    advance(lock_import(actor, batch_id), Stage.MAPPING, at=at)


@action
def start_import(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """What was tried is written, by the worker, with the rights this officer has then."""
    batch = lock_import(actor, batch_id)
    _check_free(batch)
    if not batch.tried or not any(batch.tried.get(name) for name in ("new", "updated", "noted")):
        raise Conflict("没有可以导入的行。请改好文件再上传。")
    batch.started_at, batch.upto, batch.counts, batch.made = at, 0, {}, {}
    batch.user_id, batch.post_id = actor.user_id or 0, actor.post_id or 0
    advance(batch, Stage.RUNNING, at=at)
    _note(actor, batch, "import.start", at)
    publish(ImportAsked(batch.pk))


@action
def go_on(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """What stopped half-way goes on behind what is written, with the rights of this officer."""
    batch = lock_import(actor, batch_id)
    if batch.stage not in WORKING or not batch.failed_because:
        raise Conflict("这次导入没有停下。")
    _check_free(batch)
    batch.user_id, batch.post_id = actor.user_id or 0, actor.post_id or 0
    batch.failed_because, batch.moved_at = "", at
    batch.save(update_fields=["user_id", "post_id", "failed_because", "moved_at"])
    _note(actor, batch, "import.go-on", at)
    publish(ImportAsked(batch.pk))


@action
def drop_import(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """Nothing was written; the files go."""
    batch = lock_import(actor, batch_id)
    batch.removed_at = at
    advance(batch, Stage.DROPPED, at=at)
    files.remove_after_commit(*_names(batch))
    _note(actor, batch, "import.drop", at)


@action
def take_back(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """The worker undoes what nobody has changed since. Of an import that stopped half-way, too."""
    batch = lock_import(actor, batch_id)
    _check_free(batch)
    if batch.stage == Stage.RUNNING and not batch.failed_because:
        raise Conflict("正在导入，等它做完再撤销。")
    batch.user_id, batch.post_id = actor.user_id or 0, actor.post_id or 0
    batch.upto, batch.left, batch.failed_because = 0, [], ""
    advance(batch, Stage.UNDOING, at=at)
    _note(actor, batch, "import.take-back", at)
    publish(ImportAsked(batch.pk))


@action
def fail_import(actor: Actor, *, batch_id: int, because: str, at: datetime) -> None:
    """The worker could not try it: the officer reads why, and may mend it."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None or batch.stage not in WORKING:
        return
    batch.failed_because = because[:200]
    if batch.stage == Stage.CHECKING:
        batch.stage = Stage.MAPPING
    batch.save(update_fields=["failed_because", "stage"])


@action
def sweep_imports(actor: Actor, *, at: datetime) -> int:
    """Files whose time is over go; what was written can be taken back without them. What a worker
    has not brought to its end in a day has stopped, and says so."""
    stale = ImportBatch.objects.filter(stage__in=WORKING, failed_because="")
    stale.filter(moved_at__lt=at - STALE).update(failed_because=STOPPED)
    over = ImportBatch.objects.filter(removed_at=None, expires_at__lte=at)
    over = over.exclude(stage__in=WORKING)
    names = [name for batch in over for name in _names(batch)]
    over.update(removed_at=at)
    files.remove_after_commit(*names)
    lost = []
    for _place, found in files.list_old(copies.FOLDER, at=at, days=3):
        for column in ("storage_name", "copy_name", "errors_name"):
            rows = ImportBatch.objects.filter(**{f"{column}__in": found})
            found = [name for name in found if name not in set(rows.values_list(column, flat=True))]
        lost += found
    files.remove_after_commit(*lost)
    return len(names) + len(lost)


def lock_import(actor: Actor, batch_id: int) -> ImportBatch:
    """A step: the import, locked, if the actor may import there. Raises NotFound."""
    seen = get_import(actor, batch_id=batch_id)
    rows = ImportBatch.objects.select_related("division").select_for_update(of=("self",))
    return rows.get(pk=seen.pk)


def advance(batch: ImportBatch, stage: Stage, *, at: datetime) -> None:
    """A step: to what may follow, and saved."""
    now = Stage(batch.stage)
    if stage not in STAGES[now]:
        raise Conflict(f"这次导入现在是“{now.label}”，不能这样做。")
    batch.stage, batch.moved_at = stage, at
    batch.save()


def _check_free(batch: ImportBatch) -> None:
    locks.hold(f"registry.import:{batch.division_id}")
    busy = ImportBatch.objects.filter(
        division=batch.division, stage__in=(Stage.RUNNING, Stage.UNDOING), failed_because=""
    )
    if busy.exclude(pk=batch.pk).exists():
        raise Conflict(BUSY)


def _names(batch: ImportBatch) -> list[str]:
    return [name for name in (batch.storage_name, batch.copy_name, batch.errors_name) if name]


def _heads(batch: ImportBatch) -> str:
    text = "\n".join(tidy(heading) for heading in batch.headings)
    return crypto.digest(text[:MAX_CELL].encode())


def _remembered(batch: ImportBatch) -> list[str]:
    kept = ImportMapping.objects.filter(
        division=batch.division, kind=batch.kind, heads=_heads(batch)
    ).first()
    return list(kept.columns) if kept and len(kept.columns) == len(batch.headings) else []


def _note(actor: Actor, batch: ImportBatch, act: str, at: datetime) -> None:
    record(
        actor,
        act=act,
        target=batch.target,
        area=batch.area,
        at=at,
        kind=batch.get_kind_display(),
        file=batch.file_name,
        lines=batch.lines,
        sm3=batch.sm3,
    )

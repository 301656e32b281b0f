"""批量导入: a file is brought, its columns named, tried, written, and taken back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict
from yukuai.registry.actions import importing
from yukuai.registry.intake.copies import MEDIA
from yukuai.registry.queries.importing import (
    get_import,
    list_imports,
    list_samples,
    open_copy,
    open_table,
)
from yukuai.registry.states import TAKEN, WORKING, Outcome, Stage
from yukuai.workbench.admin.asking import ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.imports.forms import ColumnsForm, UploadForm

if TYPE_CHECKING:
    from yukuai.registry.models import ImportBatch

P = Permission
TONES = {
    Stage.MAPPING: "yours",
    Stage.CHECKED: "yours",
    Stage.DONE: "done",
    Stage.UNDONE: "off",
    Stage.DROPPED: "off",
}
LEFT_SHOWN = 100


@dataclass(frozen=True)
class Counted:
    outcome: str
    label: str
    number: int
    taken: bool


@dataclass(frozen=True)
class Shown:
    """An import in words."""

    batch: "ImportBatch"
    stage: str
    word: str
    tone: str
    works: bool
    percent: int
    counts: Sequence[Counted]
    open_lines: int
    writes: int


def show(batch: "ImportBatch") -> Shown:
    stage = Stage(batch.stage)
    stopped = bool(batch.failed_because) and stage in WORKING
    counts = [
        Counted(outcome.value, outcome.label, number, outcome in TAKEN)
        for outcome in Outcome
        if (number := (batch.counts or batch.tried).get(outcome.value, 0))
    ]
    return Shown(
        batch,
        stage.value,
        "停下了" if stopped else stage.label,
        "late" if stopped else TONES.get(stage, "run"),
        stage in WORKING and not stopped,
        100 * batch.upto // max(batch.lines, 1),
        counts,
        sum(one.number for one in counts if not one.taken),
        sum(one.number for one in counts if one.taken and one.outcome != Outcome.SAME),
    )


def _crumbs(*more: str) -> list[dict[str, str]]:
    return [
        {"label": "批量导入", "url": reverse("work:imports")},
        *({"label": label} for label in more),
    ]


@staff(P.REGISTRY_IMPORT)
@require_safe
def listed(request: Any) -> HttpResponse:
    page = by_moment(request, list_imports(request.actor), "asked_at")
    context = {
        "page": page,
        "rows": [show(batch) for batch in page.rows],
        "now": clock.now(),
        "crumbs": [{"label": "批量导入"}],
    }
    return TemplateResponse(request, "work/imports/list.html", context)


@staff(P.REGISTRY_IMPORT)
@ask_or_act
def new(request: Any) -> HttpResponse:
    actor = request.actor
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
    if posted:
        batch = attempt(form, lambda: _bring(actor, form))
        if batch is not None:
            return HttpResponseRedirect(reverse("work:import-columns", args=[batch.pk]))
    context = {"form": form, "crumbs": _crumbs("上传文件")}
    return TemplateResponse(request, "work/imports/new.html", context, status=form.status)


def _bring(actor: Actor, form: UploadForm) -> "ImportBatch":
    upload = form.cleaned_data["file"]
    return importing.bring_file(
        actor,
        division_id=_community(actor),
        kind=form.cleaned_data["kind"],
        upload=upload,
        name=upload.name,
        at=clock.now(),
    )


def _community(actor: Actor) -> int:
    path = actor.paths_for(P.REGISTRY_IMPORT)[0]
    return int(path.rstrip(".").rpartition(".")[2])


@staff(P.REGISTRY_IMPORT)
@require_safe
def one(request: Any, batch_id: int) -> HttpResponse:
    """Wherever it is: each stage shows what can be done in it."""
    batch = get_import(request.actor, batch_id=batch_id)
    if batch.stage == Stage.MAPPING and not batch.failed_because:
        return HttpResponseRedirect(reverse("work:import-columns", args=[batch.pk]))
    context = {
        "row": show(batch),
        "left": batch.left[:LEFT_SHOWN],
        "left_more": max(len(batch.left) - LEFT_SHOWN, 0),
        "has_files": batch.removed_at is None,
        "now": clock.now(),
        "crumbs": _crumbs(batch.file_name),
    }
    return TemplateResponse(request, "work/imports/one.html", context)


@staff(P.REGISTRY_IMPORT)
@ask_or_act
def columns(request: Any, batch_id: int) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with looking(request):
        batch = get_import(actor, batch_id=batch_id)
        if batch.stage not in (Stage.MAPPING, Stage.CHECKED):
            raise Conflict("这次导入已经开始，不能再改栏目。")
        table = open_table(actor, batch=batch)
        samples = list_samples(actor, batch=batch, table=table, today=at.date())
        known = {
            "source": batch.source,
            "collected_on": batch.collected_on,
            "living": batch.living,
            "adds_doubtful": batch.adds_doubtful,
        }
        form = ColumnsForm(typed(request), kind=batch.kind, samples=samples, initial=known)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: importing.name_columns(actor, batch_id=batch_id, at=at, **form.said()),
        )
        if done is not None:
            return HttpResponseRedirect(reverse("work:import", args=[batch_id]))
    context = {"form": form, "batch": batch, "crumbs": _crumbs(batch.file_name, "对应栏目")}
    return TemplateResponse(request, "work/imports/columns.html", context, status=form.status)


def _does(act: Callable[..., object], done: str) -> Any:
    """A button: one act, and back to the import."""

    def view(request: Any, batch_id: int) -> HttpResponse:
        act(request.actor, batch_id=batch_id, at=clock.now())
        if done:
            messages.success(request, done)
        return HttpResponseRedirect(reverse("work:import", args=[batch_id]))

    return staff(P.REGISTRY_IMPORT)(require_POST(view))


start = _does(importing.start_import, "")
go_on = _does(importing.go_on, "")


def _asks(act: Callable[..., object], template: str, done: str) -> Any:
    """A question first: what follows, and two answers."""

    def view(request: Any, batch_id: int) -> HttpResponse:
        if request.method == "POST":
            act(request.actor, batch_id=batch_id, at=clock.now())
            messages.success(request, done)
            return HttpResponseRedirect(reverse("work:import", args=[batch_id]))
        batch = get_import(request.actor, batch_id=batch_id)
        context = {"row": show(batch), "crumbs": _crumbs(batch.file_name)}
        return TemplateResponse(request, template, context)

    return staff(P.REGISTRY_IMPORT)(require_http_methods(["GET", "HEAD", "POST"])(view))


drop = _asks(importing.drop_import, "work/imports/drop.html", "没有导入，文件已经删除。")
undo = _asks(importing.take_back, "work/imports/undo.html", "开始撤销。")


@staff(P.REGISTRY_IMPORT)
@never_cache
@require_safe
def copy(request: Any, batch_id: int) -> HttpResponse:
    return _file(request, batch_id, only_open=False)


@staff(P.REGISTRY_IMPORT)
@never_cache
@require_safe
def errors(request: Any, batch_id: int) -> HttpResponse:
    return _file(request, batch_id, only_open=True)


def _file(request: Any, batch_id: int, *, only_open: bool) -> HttpResponse:
    """Each time it is taken is on record."""
    batch = get_import(request.actor, batch_id=batch_id)
    data = open_copy(request.actor, batch=batch, only_open=only_open)
    what = "要改的行" if only_open else "核对结果"
    record(
        request.actor,
        act="import.take-copy",
        target=batch.target,
        area=batch.area,
        at=clock.now(),
        file=what,
    )
    response = HttpResponse(data, content_type=MEDIA[batch.form])
    stem = batch.file_name.rpartition(".")[0]
    name = content_disposition_header(True, f"{stem}-{what}.{batch.form}")
    response["Content-Disposition"] = name or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response

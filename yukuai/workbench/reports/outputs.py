"""A report as a file: asked for, approved by the level above, downloaded once a token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.documents.files import open_stored
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.limits import hit
from yukuai.registry.actions.exporting import ask_output, settle_output, take_output
from yukuai.registry.codes import all_labels
from yukuai.registry.papers import MEDIA
from yukuai.registry.queries.filling import count_leaving
from yukuai.registry.queries.reports import get_output, get_report, list_outputs
from yukuai.registry.reporting import (
    Column,
    Shape,
    column_of,
    may_leave,
    needs_approval,
    say_children,
    say_filter,
)
from yukuai.registry.states import OUTPUT_WORKFLOW, OutputState
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.fields import choice, words
from yukuai.workbench.reports.views import LIST, rows_of

if TYPE_CHECKING:
    from yukuai.registry.models import ReportOutput

P, S = Permission, OutputState
DAY, TOKEN_SECONDS = 24 * 3600, 3600
SALT = "report-take"
TONES = {S.ASKED: "wait", S.APPROVED: "done", S.REFUSED: "late", S.EXPIRED: "off"}
FORMS = [("xlsx", "Excel"), ("pdf", "PDF")]


class AskForm(AdminForm):
    columns = forms.MultipleChoiceField(
        label="导出哪些栏",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "有一栏不能导出，请重新选。"},
    )
    purpose = words("导出做什么用", "写明导出做什么用。", rows=2)
    form = choice("哪种文件", FORMS, "选一种文件。")

    def __init__(self, *args: Any, columns: Sequence[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["columns"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(one.name, one.label) for one in columns]
        if not columns:
            del self.fields["columns"]


class SettleForm(AdminForm):
    answer = words("说一句", rows=2, required=False, help="不批准时要写，申请的人看得到。")


@dataclass(frozen=True)
class Row:
    """An output in words."""

    output: "ReportOutput"
    tone: str
    columns: Sequence[str]
    rows: str
    filters: str


def as_row(output: "ReportOutput") -> Row:
    shape = output.asks
    sets = all_labels()
    return Row(
        output,
        TONES[OutputState(output.state)],
        [column_of(shape.kind, name).label for name in output.columns],
        rows_of(shape),
        "；".join(say_filter(shape.kind, one, codes=sets) for one in shape.filters) or "没有",
    )


def _leaving(shape: Shape) -> tuple[list[Column], list[str]]:
    """What may leave, and the labels of what may not."""
    allowed = bool(settings.REPORTS["sensitive"])
    columns = [column_of(shape.kind, name) for name in shape.columns]
    kept = [one.label for one in columns if not may_leave(one, sensitive=allowed)]
    return [one for one in columns if may_leave(one, sensitive=allowed)], kept


@staff(P.REPORT_USE)
@ask_or_act
def ask(request: Any, report_id: int) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with looking(request):
        report = get_report(actor, report_id=report_id)
        shape = report.asks
        columns, kept = _leaving(shape)
        leaving = None if shape.is_summary else count_leaving(actor, shape=shape, at=at)
    names = [one.name for one in columns]
    initial = {"columns": names, "purpose": report.purpose, "form": "xlsx"}
    form = AskForm(typed(request), initial=initial, columns=[] if shape.is_summary else columns)
    if request.method == "POST":
        output = attempt(form, lambda: _ask(request, form, report_id))
        if output is not None:
            return HttpResponseRedirect(reverse("work:report-output", args=[output.pk]))
    back = reverse("work:report", args=[report_id])
    context = {
        "form": form,
        "title": f"导出“{report.name}”",
        "personal": needs_approval(shape, names),
        "kept": kept,
        "rows": leaving.rows if leaving else None,
        "children": say_children(leaving.children) if leaving else "",
        "settings": settings.REPORTS,
        "button": "申请导出" if needs_approval(shape, names) else "导出",
        "no": "不导出",
        "back_url": back,
        "crumbs": [LIST, {"label": report.name, "url": back}, {"label": "导出"}],
    }
    return TemplateResponse(request, "work/reports/ask.html", context, status=form.status)


def _ask(request: Any, form: AskForm, report_id: int) -> Any:
    at = clock.now()
    hit(
        f"report:{request.actor.user_id}",
        limit=settings.REPORTS["a_day"],
        per_seconds=DAY,
        at=at,
    )
    said = form.cleaned_data
    return ask_output(
        request.actor,
        report_id=report_id,
        columns=said.get("columns", []),
        form=said["form"],
        purpose=said["purpose"],
        at=at,
    )


@staff(P.REPORT_USE)
@require_safe
def outputs(request: Any) -> HttpResponse:
    page = by_moment(request, list_outputs(request.actor), "asked_at")
    context = {
        "page": page,
        "rows": [(as_row(one), _waits(request.actor, one)) for one in page.rows],
        "now": clock.now(),
        "crumbs": [LIST, {"label": "导出记录"}],
    }
    return TemplateResponse(request, "work/reports/outputs.html", context)


def _waits(actor: Actor, output: "ReportOutput") -> bool:
    """For this actor's word?"""
    asked = output.state == S.ASKED and output.asked_by_id != actor.user_id
    return asked and bool(check(actor, P.REGISTRY_EXPORT_APPROVE, output))


@staff(P.REPORT_USE)
@never_cache
@ask_or_act
def one(request: Any, output_id: int) -> HttpResponse:
    """What was asked for and how it stands; whoever approves does it here."""
    with looking(request):
        output = get_output(request.actor, output_id=output_id)
    form = SettleForm(typed(request))
    if request.method == "POST":
        approved = request.POST.get("decision") == "approve"
        settled = attempt(form, lambda: _settle(request, form, output_id, approved))
        if settled is not None:
            messages.success(request, "批准了。" if approved else "没有批准，申请的人看得到理由。")
            return HttpResponseRedirect(reverse("work:report-output", args=[output_id]))
    mine = output.asked_by_id == request.actor.user_id
    open_now = output.state == S.APPROVED and output.until > clock.now()
    context = {
        "row": as_row(output),
        "output": output,
        "form": form,
        "waits": _waits(request.actor, output),
        "own_wish": mine and output.state == S.ASKED,
        "token": _token(output_id) if mine and open_now else "",
        "open_now": open_now,
        "does": OUTPUT_WORKFLOW.move("approve").does,
        "hours": settings.REPORTS["hours"],
        "now": clock.now(),
        "crumbs": [
            LIST,
            {"label": "导出记录", "url": reverse("work:report-outputs")},
            {"label": output.number},
        ],
    }
    return TemplateResponse(request, "work/reports/output.html", context, status=form.status)


def _settle(request: Any, form: SettleForm, output_id: int, approved: bool) -> Any:
    return settle_output(
        request.actor,
        output_id=output_id,
        approved=approved,
        answer=form.cleaned_data["answer"],
        at=clock.now(),
    )


def _token(output_id: int) -> str:
    """One a look at the page, good for an hour."""
    return signing.dumps([output_id, uuid4().hex], salt=SALT)


@staff(P.REPORT_USE)
@never_cache
@require_POST
def take(request: Any, output_id: int) -> Any:
    """The file itself, as the answer to the button."""
    try:
        of, token = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature as error:
        raise Conflict("这个下载过了时候。回到这一页，再按一次“下载”。") from error
    if of != output_id:
        raise InvalidInput("这个下载不是这张表的。")
    output = take_output(request.actor, output_id=output_id, token=UUID(token), at=clock.now())
    response = FileResponse(open_stored(output.storage_name), content_type=MEDIA[output.form])
    name = content_disposition_header(True, f"{output.title}-{output.number}.{output.form}")
    response["Content-Disposition"] = name or "attachment"
    response["Content-Length"] = str(output.bytes)
    response["X-Content-Type-Options"] = "nosniff"
    return response

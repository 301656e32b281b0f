"""导出: asked for with a purpose, waiting for a few days, and on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.cases.actions.exporting import Wish, ask_export, count_export
from yukuai.cases.columns import COLUMNS, labels_of, of_level
from yukuai.cases.exports import get_own_export, list_all_exports, list_own_exports
from yukuai.documents.files import open_stored
from yukuai.documents.sheets import MEDIA
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.limits import hit
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.casework.filtering import Asked, describe, read_filter
from yukuai.workbench.fields import choice, words

if TYPE_CHECKING:
    from yukuai.cases.models import CaseExport

P = Permission
DAY = 24 * 3600
CASES = {"label": "社区直通车", "url": "/work/cases/"}
FORMS = [("xlsx", "Excel"), ("csv", "CSV")]
GONE = "这份文件到期删除了。需要的话，请按同样的条件再导出一次。"


def _ticks(label: str, level: int) -> forms.MultipleChoiceField:
    names = of_level(level)
    return forms.MultipleChoiceField(
        label=label,
        choices=[(name, COLUMNS[name].label) for name in names],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "有一栏认不出来，请重新选。"},
    )


class ExportForm(AdminForm):
    """`status` columns stand ticked; what persons wrote has to be chosen and explained."""

    facts = _ticks("办理情况", 2)
    texts = _ticks("居民写的话和答复（要写理由）", 3)
    reason = words("为什么要原文", rows=2, required=False, help="选了上面这一组才填。")
    purpose = words("导出做什么用", "写明导出做什么用。", rows=2)
    form = choice("哪种文件", FORMS, "选一种文件。")


@dataclass(frozen=True)
class Row:
    """An export in words."""

    export: "CaseExport"
    fields: Sequence[str]
    tone: str
    word: str


def as_row(export: "CaseExport") -> Row:
    fields = labels_of(name for name in export.columns if name in COLUMNS)
    if export.failed_because:
        return Row(export, fields, "late", "没有导出成")
    if export.ready_at is None:
        return Row(export, fields, "run", "正在做")
    if export.removed_at is not None:
        return Row(export, fields, "off", "文件已删除")
    return Row(export, fields, "done", "可以下载")


@staff(P.CASE_EXPORT)
@ask_or_act
def new(request: Any) -> HttpResponse:
    """Of the filter in the address."""
    actor, at = request.actor, clock.now()
    with looking(request):
        asked = read_filter(actor, request.GET)
        rows = count_export(actor, wanted=asked.wanted)
    initial = {"facts": of_level(2), "form": "xlsx"}
    form = ExportForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        hit(f"export:{actor.user_id}", limit=settings.EXPORTS["a_day"], per_seconds=DAY, at=at)
        wish = _wish(form, asked)
        export = attempt(form, lambda: ask_export(actor, wish=wish, at=at))
        if export is not None:
            return HttpResponseRedirect(reverse("work:export", args=[export.number]))
    elif request.method == "POST":
        form.status = 422
    context = {
        "form": form,
        "title": "导出诉求",
        "said": describe(asked),
        "lost": asked.lost,
        "button": "导出",
        "no": "不导出",
        "rows": rows,
        "limits": settings.EXPORTS,
        "too_many": rows > settings.EXPORTS["most"],
        "by_worker": rows > settings.EXPORTS["at_once"],
        "back_url": f"{reverse('work:cases')}?{asked.query}",
        "crumbs": [CASES, {"label": "导出"}],
    }
    return TemplateResponse(request, "work/exports/new.html", context, status=form.status)


def _wish(form: ExportForm, asked: Asked) -> Wish:
    said = form.cleaned_data
    return Wish(
        wanted=asked.wanted,
        said=describe(asked),
        columns=[*said["facts"], *said["texts"]],
        form=said["form"],
        purpose=said["purpose"],
        reason=said["reason"],
    )


@staff(P.CASE_EXPORT)
@require_safe
def mine(request: Any) -> HttpResponse:
    page = by_moment(request, list_own_exports(request.actor), "asked_at")
    context = {
        "page": page,
        "rows": [as_row(export) for export in page.rows],
        "hours": settings.EXPORTS["hours"],
        "now": clock.now(),
        "crumbs": [CASES, {"label": "我的导出"}],
    }
    return TemplateResponse(request, "work/exports/list.html", context)


@staff(P.CASE_EXPORT)
@require_safe
def one(request: Any, number: str) -> HttpResponse:
    export = get_own_export(request.actor, number=number)
    context = {
        "row": as_row(export),
        "hours": settings.EXPORTS["hours"],
        "now": clock.now(),
        "crumbs": [
            CASES,
            {"label": "我的导出", "url": reverse("work:exports")},
            {"label": export.number},
        ],
    }
    return TemplateResponse(request, "work/exports/one.html", context)


@staff(P.CASE_EXPORT)
@never_cache
@require_safe
def file(request: Any, number: str) -> Any:
    """Each time it is taken is on record."""
    export = get_own_export(request.actor, number=number)
    if not export.is_there:
        raise NotFound(GONE)
    stored = open_stored(export.storage_name)
    record(
        request.actor,
        act="export.take",
        target=export.number,
        area=export.area,
        at=clock.now(),
        purpose=export.purpose,
        sm3=export.sm3,
    )
    response = FileResponse(stored, content_type=MEDIA[export.form])
    name = content_disposition_header(True, f"诉求-{export.number}.{export.form}")
    response["Content-Disposition"] = name or "attachment"
    response["Content-Length"] = str(export.bytes)
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff(P.AUDIT_VIEW)
@require_safe
def everybody(request: Any) -> HttpResponse:
    """For the auditor: that, by whom, what for and of what; the file is not his."""
    page = by_moment(request, list_all_exports(request.actor), "asked_at")
    context = {
        "page": page,
        "rows": [as_row(export) for export in page.rows],
        "now": clock.now(),
        "crumbs": [{"label": "诉求导出"}],
    }
    return TemplateResponse(request, "work/exports/all.html", context)

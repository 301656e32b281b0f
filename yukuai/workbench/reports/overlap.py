"""FieldOverlap on a page: a form is compared with the register before anybody fills it in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel.errors import InvalidInput
from yukuai.registry.headings import headings_of
from yukuai.registry.intake.files import BadFile, read_upload
from yukuai.registry.overlap import Overlap
from yukuai.registry.overlap import headings_of as headings_of_report
from yukuai.registry.queries.overlapping import check_form
from yukuai.registry.queries.reports import get_report, list_reports
from yukuai.registry.states import Kind
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import number, select, words
from yukuai.workbench.reports.views import LIST

LEVELS = {"L1": "公开", "L2": "内部", "L3": "个人", "L4": "敏感，不能导出"}


class FormForm(AdminForm):
    """One of the three ways."""

    headings = words("表头，一行一个", rows=8, required=False)
    file = forms.FileField(label="或者传一个表", required=False)
    report = select("或者选一张存好的表", [], required=False)


def _level(one: Any) -> str:
    return LEVELS[one.column.field.level.value]


@staff(Permission.REPORT_USE)
@ask_or_act
def overlap(request: Any) -> HttpResponse:
    """Nothing is kept of what is compared."""
    files = request.FILES if request.method == "POST" else None
    with looking(request):
        form = FormForm(typed(request), files)
        saved = [one for one in list_reports(request.actor) if not one.asks.is_summary]
        field = form.fields["report"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不选"), *((one.pk, one.name) for one in saved)]
    found = None
    if request.method == "POST":
        with looking(request):
            found = attempt(form, lambda: _compare(request, form))
    context = {
        "form": form,
        "crumbs": [LIST, {"label": "查重"}],
        "most": settings.REPORTS["overlap_percent"],
        **(_said(found) if found else {}),
    }
    return TemplateResponse(request, "work/reports/overlap.html", context, status=form.status)


def _compare(request: Any, form: FormForm) -> Overlap:
    said = form.cleaned_data
    headings = said["headings"].split("\n")
    if said["file"]:
        try:
            headings += headings_of(read_upload(said["file"]), name=said["file"].name)
        except BadFile as error:
            raise InvalidInput(str(error), fields={"file": str(error)}) from error
    if report_id := number(said["report"]):
        report = get_report(request.actor, report_id=report_id)
        headings += headings_of_report(report.asks)
    return check_form(request.actor, headings=headings)


def _said(found: Overlap) -> dict[str, Any]:
    make = urlencode({"kind": found.kind, "columns": ",".join(found.columns)})
    return {
        "found": found,
        "refused": found.must_reuse(settings.REPORTS["overlap_percent"]),
        "kind": Kind(found.kind).label,
        "held": [(one, _level(one)) for one in found.held],
        "make_url": f"{reverse('work:report-new')}?{make}",
    }

"""What a report lacks is typed once: cell by cell, into the register, with where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.registry.actions.reporting import fill_in
from yukuai.registry.catalogue import Sort
from yukuai.registry.codes import labels_of, sources
from yukuai.registry.queries.filling import Cell, Filled, preview_report
from yukuai.registry.queries.reports import get_report
from yukuai.workbench.admin.asking import AdminForm, DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import select
from yukuai.workbench.reports.views import LIST

YES_NO = {"1": "是", "0": "否"}
LONGEST = 400


class SourceForm(AdminForm):
    """On what it rests; the same for all cells of a page."""

    source = select("从哪里知道的", [], "选从哪里知道的。")
    collected_on = DayField("哪天知道的")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in sources().values()
        ]


@dataclass(frozen=True)
class Blank:
    """A cell as the page shows it; `name` where it may be typed into."""

    cell: Cell
    name: str = ""
    typed: str = ""
    wrong: str = ""
    whose: str = ""
    options: Sequence[tuple[str, str]] = field(default_factory=list)


@staff(Permission.REGISTRY_EDIT)
@never_cache
@ask_or_act
def fill(request: Any, report_id: int) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with looking(request):
        report = get_report(actor, report_id=report_id)
        if report.asks.is_summary:
            raise NotPermitted("汇总表是数出来的，没有要填的格子。")
        form = SourceForm(typed(request), initial={"source": "window", "collected_on": today(at)})
        given = _given(request)
        wrong: Mapping[str, str] = {}
    if request.method == "POST":
        count, wrong = _keep(request, form, report_id, given)
        if count:
            messages.success(request, f"存下 {count} 格，下次报表自己会填上。")
            return HttpResponseRedirect(reverse("work:report-fill", args=[report_id]))
    with looking(request):
        filled = preview_report(actor, shape=report.asks, at=at, empty_only=True)
        rows = _blanks(filled, given, wrong)
    back = reverse("work:report", args=[report_id])
    context = {
        "form": form,
        "report": report,
        "rows": rows,
        "columns": [cell.column for cell in filled.rows[0].cells] if filled.rows else [],
        "wrong": len(wrong),
        "back_url": back,
        "crumbs": [LIST, {"label": report.name, "url": back}, {"label": "填空格"}],
    }
    return TemplateResponse(request, "work/reports/fill.html", context, status=form.status)


def _given(request: Any) -> dict[str, str]:
    """What was typed, by cell; empty ones left out."""
    given = {
        name.removeprefix("c-"): said for name, said in request.POST.items() if name[:2] == "c-"
    }
    return {
        name: said.replace("\x00", "")[:LONGEST] for name, said in given.items() if said.strip()
    }


def _keep(
    request: Any, form: SourceForm, report_id: int, given: Mapping[str, str]
) -> tuple[int, Mapping[str, str]]:
    wrong: dict[str, str] = {}

    def act() -> int:
        try:
            return fill_in(
                request.actor,
                report_id=report_id,
                cells=given,
                source=form.cleaned_data["source"],
                collected_on=form.cleaned_data["collected_on"],
                at=clock.now(),
            )
        except InvalidInput as error:
            wrong.update({key: said for key, said in error.fields.items() if "-" in key})
            raise

    return attempt(form, act) or 0, wrong


def _blanks(
    filled: Filled, given: Mapping[str, str], wrong: Mapping[str, str]
) -> list[list[Blank]]:
    return [
        [_blank(cell, given, wrong, row.cells[0].text) for cell in row.cells] for row in filled.rows
    ]


def _blank(cell: Cell, given: Mapping[str, str], wrong: Mapping[str, str], whose: str) -> Blank:
    if cell.text or not cell.subject:
        return Blank(cell)
    known = cell.column.field
    options: list[tuple[str, str]] = []
    if known.sort is Sort.CODE:
        options = list(labels_of(known.codes).items())
    elif known.sort is Sort.YES_NO:
        options = list(YES_NO.items())
    key = cell.key
    return Blank(cell, f"c-{key}", given.get(key, ""), wrong.get(key, ""), whose, options)

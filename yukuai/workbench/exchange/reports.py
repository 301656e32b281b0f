"""对账: two lists of a day side by side, as a page and for a spreadsheet; each line is repaired."""

import csv
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.exchange.actions.reconciling import ask_reconciliation, push_again
from yukuai.exchange.gateways.port import Rejected, Unreachable
from yukuai.exchange.queries.reports import get_report, list_differences, list_reports, report_of
from yukuai.exchange.queries.systems import get_system
from yukuai.exchange.repairing import repair_by_pull
from yukuai.kernel import clock, wording
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict
from yukuai.workbench.admin.asking import AdminForm, DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import ascending
from yukuai.workbench.exchange.systems import CRUMB

P = Permission
SHOWN = 31
HEAD = ["差在哪里", "我们的单号", "对方编号", "我们记的状态", "对方的状态", "处理"]


class RunForm(AdminForm):
    day = DayField("对哪一天", help_text="每天凌晨自动对前一天。")


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def reports(request: Any, code: str) -> HttpResponse:
    at = clock.now()
    form = RunForm(typed(request), initial={"day": today(at) - timedelta(days=1)})
    if request.method == "POST":
        attempt(
            form,
            lambda: ask_reconciliation(
                request.actor, code=code, day=form.cleaned_data["day"], at=at
            ),
        )
        if not form.errors:
            messages.success(request, "开始对了。过一会儿刷新这一页看结果。")
            return HttpResponseRedirect(reverse("work:exchange-reports", args=[code]))
    with looking(request):
        found = get_system(request.actor, code=code)
        context = {
            "system": found,
            "may": bool(check(request.actor, P.EXCHANGE_MANAGE, found)),
            "rows": list_reports(request.actor, system=found, limit=SHOWN),
            "form": form,
            "crumbs": [
                CRUMB,
                {"label": found.name, "url": reverse("work:exchange-system", args=[code])},
                {"label": "对账"},
            ],
        }
    return TemplateResponse(request, "work/exchange/reports.html", context, status=form.status)


@staff(P.EXCHANGE_MANAGE)
@require_safe
def report(request: Any, report_id: int) -> HttpResponse:
    found = get_report(request.actor, report_id=report_id)
    page = ascending(request, list_differences(request.actor, report=found), ("kind", "pk"))
    code = found.system.code
    context = {
        "report": found,
        "page": page,
        "rows": page.rows,
        "crumbs": [
            CRUMB,
            {"label": found.system.name, "url": reverse("work:exchange-system", args=[code])},
            {"label": "对账", "url": reverse("work:exchange-reports", args=[code])},
            {"label": wording.day(found.day, now=clock.now())},
        ],
    }
    return TemplateResponse(request, "work/exchange/report.html", context)


@staff(P.EXCHANGE_MANAGE)
@require_safe
def numbers(request: Any, report_id: int) -> HttpResponse:
    """For a spreadsheet: numbers and states, nobody's name, nobody's words."""
    found = get_report(request.actor, report_id=report_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{found.system.code}-{found.day:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow([f"{found.system.name} {found.day:%Y-%m-%d}", found.error])
    sheet.writerow(HEAD)
    for one in list_differences(request.actor, report=found):
        done = f"{one.repaired_by}处理了" if one.repaired_at else ""
        cells = (one.get_kind_display(), one.number, one.external_id, one.ours, one.theirs, done)
        sheet.writerow([_plain(cell) for cell in cells])
    return response


def _plain(cell: str) -> str:
    """What others wrote must not become a formula in somebody's spreadsheet."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@staff(P.EXCHANGE_MANAGE)
@require_POST
def pull(request: Any, difference_id: int) -> HttpResponse:
    return _repair(
        request,
        difference_id,
        lambda at: repair_by_pull(request.actor, difference_id=difference_id, at=at),
        "重新取过了，按对方现在的说法办了。",
    )


@staff(P.EXCHANGE_MANAGE)
@require_POST
def push(request: Any, difference_id: int) -> HttpResponse:
    return _repair(
        request,
        difference_id,
        lambda at: push_again(request.actor, difference_id=difference_id, at=at),
        "重新排上了，马上再送。",
    )


def _repair(request: Any, difference_id: int, act: Any, done: str) -> HttpResponse:
    with looking(request):
        report_id = report_of(request.actor, difference_id=difference_id)
    try:
        act(clock.now())
        messages.success(request, done)
    except (Conflict, Unreachable, Rejected) as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("work:exchange-report", args=[report_id]))

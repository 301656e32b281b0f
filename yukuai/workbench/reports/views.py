"""一表通: the definitions one may use, each as it fills itself, and what that saved."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.kernel import clock
from yukuai.kernel.errors import NotPermitted
from yukuai.registry.codes import all_labels
from yukuai.registry.queries.filling import PREVIEW, preview_report
from yukuai.registry.queries.reports import (
    count_waiting,
    get_report,
    is_own,
    list_reports,
    own_path,
    sum_savings,
)
from yukuai.registry.queries.summing import sum_report
from yukuai.registry.reporting import BY, Shape, column_of, say_filter
from yukuai.registry.states import Kind

if TYPE_CHECKING:
    from yukuai.registry.models import Report

P = Permission
LIST = {"label": "一表通", "url": "/work/reports/"}
PERIODS = {"30": ("近 30 天", 30), "365": ("近一年", 365)}


def rows_of(shape: Shape) -> str:
    """What a row is, in words."""
    kind = Kind(shape.kind).label
    return f"按{BY[shape.by]}汇总{kind}" if shape.is_summary else f"一行一条记录（{kind}）"


def facts_of(report: "Report") -> list[tuple[str, str]]:
    """The definition in words."""
    shape, sets = report.asks, all_labels()
    said = [
        ("一行是什么", rows_of(shape)),
        ("栏目", "、".join(column_of(shape.kind, name).label for name in shape.columns)),
        ("分开数", column_of(shape.kind, shape.split).label if shape.split else ""),
        ("条件", "；".join(say_filter(shape.kind, one, codes=sets) for one in shape.filters)),
        ("排序", column_of(shape.kind, shape.order).label if shape.order else ""),
        ("用途", report.purpose),
        ("依据", report.basis),
        ("报给谁", report.recipient),
        ("谁定的", f"{report.division.name}，第 {report.version} 版"),
    ]
    return [(label, words) for label, words in said if words]


@staff(P.REPORT_USE)
@require_safe
def reports(request: Any) -> HttpResponse:
    actor = request.actor
    found = list(list_reports(actor))
    context = {
        "rows": [(one, rows_of(one.asks), is_own(actor, report=one)) for one in found],
        "waiting": count_waiting(actor) if actor.may(P.REGISTRY_EXPORT_APPROVE) else 0,
        "now": clock.now(),
    }
    return TemplateResponse(request, "work/reports/list.html", context)


@staff(P.REPORT_USE)
@never_cache
@require_safe
def report(request: Any, report_id: int) -> HttpResponse:
    """The first rows. That they were read is on record once; what is sealed stays masked."""
    actor, at = request.actor, clock.now()
    found = get_report(actor, report_id=report_id)
    context = {
        "report": found,
        "own": is_own(actor, report=found),
        "facts": facts_of(found),
        "now": at,
        "preview": PREVIEW,
        "crumbs": [LIST, {"label": found.name}],
        **_filled(actor, found, at),
    }
    return TemplateResponse(request, "work/reports/one.html", context)


def _filled(actor: Any, found: "Report", at: Any) -> dict[str, Any]:
    shape = found.asks
    try:
        if shape.is_summary:
            return {"summary": sum_report(actor, shape=shape, at=at)}
        filled = preview_report(actor, shape=shape, at=at)
    except NotPermitted as error:
        return {"refused": error.message}
    record(
        actor,
        act="report.view",
        target=f"report:{found.pk}",
        area=own_path(actor),
        at=at,
        purpose=found.purpose,
        rows=len(filled.rows),
    )
    columns = [column_of(shape.kind, name) for name in shape.columns]
    return {
        "filled": filled,
        "columns": columns,
        "lacking": any(cell.subject and not cell.text for row in filled.rows for cell in row.cells),
    }


@staff(P.REPORT_USE)
@require_safe
def savings(request: Any) -> HttpResponse:
    """省下的录入: by report, never by person."""
    actor, at = request.actor, clock.now()
    chosen = request.GET.get("period", "30")
    label, days = PERIODS.get(chosen, PERIODS["30"])
    rows = sum_savings(actor, since=at - timedelta(days=days))
    context = {
        "rows": rows,
        "total": sum(one.saved for one in rows),
        "typed": sum(one.typed for one in rows),
        "label": label,
        "periods": [(key, words, words == label) for key, (words, _days) in PERIODS.items()],
        "crumbs": [LIST, {"label": "省下的录入"}],
        "list_url": reverse("work:reports"),
    }
    return TemplateResponse(request, "work/reports/savings.html", context)

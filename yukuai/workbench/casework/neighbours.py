"""相似的事: beside a matter, what may be the same, what was merged, what belongs to its cluster."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts import policy
from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.clusters import list_grouped
from yukuai.cases.followers import count_followers
from yukuai.cases.neighbours import list_similar
from yukuai.cases.queries import get_case_by_number, list_merged
from yukuai.cases.states import UNDISPATCHED
from yukuai.kernel import clock
from yukuai.workbench.casework.page import head_context, note_look, state_tone

if TYPE_CHECKING:
    from datetime import datetime

    from yukuai.cases.models import Case


@staff(Permission.CASE_VIEW)
@require_GET
def similar(request: Any, number: str) -> HttpResponse:
    """The part that htmx puts into the page of the matter, or a page of its own."""
    at = clock.now()
    case = get_case_by_number(request.actor, number=number)
    context = similar_context(request, case, at)
    if request.headers.get("HX-Target") == "similar":
        return TemplateResponse(request, "work/casework/similar.html", context)
    note_look(request, case, at)
    context |= head_context(request, case, at)
    return TemplateResponse(request, "work/casework/similar_page.html", context)


def similar_context(request: Any, case: "Case", at: "datetime") -> dict[str, Any]:
    actor = request.actor
    may_link = bool(policy.check(actor, Permission.CASE_LINK, case))
    found = [(one.case, one.why) for one in list_similar(actor, case=case, at=at)]
    grouped = list_grouped(actor, case=case) if may_link else []
    merged = list(list_merged(actor, case=case))
    shown = [*(one for one, _why in found), *grouped]
    others = count_followers(actor, case_ids=[one.pk for one in shown])
    movable = may_link and case.state in UNDISPATCHED and not merged
    return {
        "case": case,
        "rows": [_row(case, one, why, others, movable) for one, why in found],
        "grouped": [_row(case, one, "", others, False) for one in grouped],
        "merged": [_row(case, one, "", {}, False) for one in merged],
    }


def _row(
    case: "Case", one: "Case", why: str, others: dict[int, int], movable: bool
) -> dict[str, Any]:
    merge = reverse("work:do", args=[case.number, "merge"])
    return {
        "case": one,
        "url": reverse("work:case", args=[one.number]),
        "tone": state_tone(one.state),
        "why": why,
        "others": others.get(one.pk, 0),
        "merge_url": f"{merge}?into={one.number}" if movable else "",
    }

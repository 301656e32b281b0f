"""The lines of a draft on a map: to draw on, and on paper."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.boundaries.queries import get_draft, get_sheet
from yukuai.divisions.lines import list_lines
from yukuai.documents.typesetting import make_pdf
from yukuai.kernel import clock
from yukuai.kernel.basemap import base_map
from yukuai.workbench.lines.mapsheet import facts_of

P = Permission


@staff(P.BOUNDARY_DRAW)
@require_GET
@never_cache
def page(request: Any, number: str) -> HttpResponse:
    draft = get_draft(request.actor, number=number)
    address = reverse("work:line", args=[draft.number])
    context = {
        "draft": draft,
        "draft_url": address,
        "lines_props": {"draft": address, "base": base_map()},
        "crumbs": [],
    }
    return TemplateResponse(request, "work/lines/map.html", context)


@staff(P.BOUNDARY_DRAW)
@require_GET
@never_cache
def printed(request: Any, number: str) -> HttpResponse:
    draft = get_draft(request.actor, number=number)
    above = list_lines(request.actor, division_ids=[draft.division_id])
    review = next((line.review_number for line in above), "")
    sheet = get_sheet(request.actor, draft=draft)
    facts = facts_of(draft, sheet, review_number=review, at=clock.now())
    answer = HttpResponse(make_pdf("v1/line-map.typ", facts), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{draft.number}.pdf"'
    return answer

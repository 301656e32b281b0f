"""One field for everything: a number, words of a title, a place, a department."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import find_departments
from yukuai.cases.queries import Filter, filter_cases
from yukuai.divisions.queries import find_divisions
from yukuai.kernel import clock
from yukuai.workbench.casework.listing import as_row
from yukuai.workbench.fields import tidy

CASES = 20
DIVISIONS = 10
NUMBER = re.compile(r"ZT-?(\d{4})-?(\d{6,})(-\d{1,3})?", re.IGNORECASE)


@staff(Permission.CASE_VIEW)
@require_GET
def search(request: Any) -> HttpResponse:
    q = tidy(request.GET.get("q"))
    rows = list(filter_cases(request.actor, wanted=Filter(text=_number(q)))[:CASES]) if q else []
    if len(rows) == 1 and rows[0].number == _number(q):
        return HttpResponseRedirect(reverse("work:case", args=[rows[0].number]))
    area = next(iter(request.actor.paths_for(Permission.CASE_VIEW)), "")
    context = {
        "q": q,
        "search_words": q,
        "rows": [as_row(case) for case in rows],
        "capped": len(rows) == CASES,
        "divisions": find_divisions(request.actor, text=q, limit=DIVISIONS),
        "departments": list(find_departments(request.actor, text=q, area=area)) if q else [],
        "now": clock.now(),
    }
    return TemplateResponse(request, "work/search/page.html", context)


def _number(q: str) -> str:
    """However it was typed: zt2603000012 is ZT-2603-000012."""
    match = NUMBER.fullmatch("".join(q.split()))
    return f"ZT-{match[1]}-{match[2]}{match[3] or ''}" if match else q

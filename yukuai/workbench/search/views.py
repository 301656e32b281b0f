"""One field for everything: a number, words of a matter, a place, a department. And, apart from it,
whoever gives a whole telephone number or a whole name."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import find_departments
from yukuai.cases.actions.persons import PURPOSES, find_by_contact, may_find_by_contact
from yukuai.cases.filters import Filter
from yukuai.cases.lines import lines_of
from yukuai.cases.rules import tidy_number
from yukuai.divisions.queries import find_divisions
from yukuai.kernel import clock
from yukuai.kernel.limits import hit
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.casework.listing import as_rows, find_page
from yukuai.workbench.fields import choice, line, tidy

CASES = 20
DIVISIONS = 10
CONTACT_LIMIT = {"limit": 30, "per_seconds": 3600}
"""How often an officer may look for a person (产品设定): enough for a day at the counter, too few
to try a list of numbers."""


@staff(Permission.CASE_VIEW)
@require_GET
def search(request: Any) -> HttpResponse:
    q = tidy(request.GET.get("q"))
    page = find_page(request, wanted=Filter(text=q), size=CASES) if q else None
    if page and tidy_number(q) and len(page.rows) == 1:
        return HttpResponseRedirect(page.rows[0].url)
    area = next(iter(request.actor.paths_for(Permission.CASE_VIEW)), "")
    first = page is None or not page.newer_url
    context = {
        "q": q,
        "search_words": q,
        "rows": page.rows if page else [],
        "page": page,
        "divisions": find_divisions(request.actor, text=q, limit=DIVISIONS) if first else [],
        "departments": list(find_departments(request.actor, text=q, area=area))
        if q and first
        else [],
        "may_find_persons": may_find_by_contact(request.actor),
        "now": clock.now(),
    }
    return TemplateResponse(request, "work/search/page.html", context)


class ContactForm(AdminForm):
    phone = line("完整的手机号", required=False, help="11 位数字，差一位都不行。")
    name = line("完整的姓名", required=False, help="和登记时一字不差。")
    purpose = choice("为什么找", PURPOSES.items(), "选一个用途。")


@staff(Permission.CASE_VIEW)
@never_cache
@ask_or_act
def contact(request: Any) -> HttpResponse:
    """Never in an address, where a telephone number would stay: only ever sent as a form."""
    actor, at = request.actor, clock.now()
    form = ContactForm(typed(request))
    found = None
    if request.method == "POST" and form.is_valid():
        hit(f"find-contact:{actor.user_id}", at=at, **CONTACT_LIMIT)
        found = attempt(form, lambda: find_by_contact(actor, **form.cleaned_data, at=at))
    elif request.method == "POST":
        form.status = 422
    with looking(request):
        context = {
            "form": form,
            "asked": found is not None,
            "rows": as_rows(request.actor, lines_of(request.actor, cases=found or ())),
            "may": may_find_by_contact(actor),
            "now": at,
            "crumbs": [
                {"label": "找", "url": reverse("work:search")},
                {"label": "按电话或姓名找"},
            ],
        }
    return TemplateResponse(request, "work/search/contact.html", context, status=form.status)

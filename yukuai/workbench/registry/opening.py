"""One sealed value: the purpose first, then the value, once, in the drawer or on a page."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.limits import hit
from yukuai.registry.actions import reveal
from yukuai.registry.actions.opening import PURPOSES, REVEALS_AN_HOUR
from yukuai.registry.catalogue import FIELDS, Field
from yukuai.registry.queries.reading import get_record
from yukuai.workbench.registry.pages import head_context
from yukuai.workbench.registry.places import kind_of

HOUR = 3600
NOT_SEALED = "没有这一项，或者不用打开就能看。"


@staff(Permission.REGISTRY_REVEAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_field(request: Any, kind: str, record_id: int, field: str) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, kind, record_id, field, "", 200)
    at = clock.now()
    hit(f"reveal:{request.actor.user_id}", limit=REVEALS_AN_HOUR, per_seconds=HOUR, at=at)
    purpose = request.POST.get("purpose", "")
    asked = {"kind": kind, "subject_id": record_id, "field": field, "purpose": purpose}
    try:
        found = reveal(request.actor, **asked, at=at)
    except InvalidInput as error:
        with reading(request):
            page = _ask(request, kind, record_id, field, error.message, error.status)
            return page.render()
    with reading(request):
        shown = {"found": found, "purpose": PURPOSES[purpose], "is_phone": field == "phone"}
        page = _page(request, kind, record_id, "work/registry/opened.html", shown, 200)
        page.headers["Cache-Control"] = "no-store"
        return page.render()


def _ask(
    request: Any, kind: str, record_id: int, name: str, error: str, status: int
) -> TemplateResponse:
    context = {
        "field": _sealed(kind, name),
        "ask_url": request.path,
        "purposes": PURPOSES.items(),
        "error": error,
    }
    return _page(request, kind, record_id, "work/registry/purpose.html", context, status)


def _page(
    request: Any, kind: str, record_id: int, drawer: str, context: dict[str, Any], status: int
) -> TemplateResponse:
    """The drawer alone for whoever has the record beside it; else with the head of the record."""
    row = get_record(request.actor, kind=kind_of(kind), record_id=record_id)
    known = {**head_context(request.actor, row, today(clock.now())), **context, "drawer": drawer}
    beside = request.headers.get("HX-Target") == "drawer"
    template = drawer if beside else "work/registry/opening.html"
    return TemplateResponse(request, template, known, status=status)


def _sealed(kind: str, name: str) -> Field:
    for one in FIELDS.get(kind, ()):
        if one.name == name and one.sealed:
            return one
    raise NotFound(NOT_SEALED)

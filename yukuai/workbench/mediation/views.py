"""One dispute: its page, its parties one by one, its papers. The routes ask for a post and nothing
more, for to whoever has no hand in it a dispute does not exist (404), whatever his role."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.disputes import actions
from yukuai.disputes.actions.looking import PURPOSES
from yukuai.disputes.queries import get_dispute, look_inside, opened
from yukuai.documents.http import document_response
from yukuai.documents.queries import get_document
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.workbench.mediation.page import dispute_context, head_context


@staff()
@never_cache
@require_GET
def dispute_page(request: Any, number: str) -> HttpResponse:
    dispute = get_dispute(request.actor, number=number)
    context = dispute_context(request, dispute, clock.now())
    return TemplateResponse(request, "work/mediation/dispute.html", context)


@staff()
@never_cache
@require_GET
def paper(request: Any, number: str, document_id: int) -> HttpResponse:
    dispute = get_dispute(request.actor, number=number)
    with opened(request.actor, dispute) as bearer:
        found = get_document(
            bearer, document_id=document_id, subject="dispute", object_id=dispute.pk
        )
        response = document_response(found)
    actions.note_look(request.actor, dispute=dispute, at=clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


@staff()
@never_cache
@require_http_methods(["GET", "POST"])
def party(request: Any, number: str, party_id: int) -> HttpResponse:
    """The purpose first; then name and number of this one party, once."""
    if request.method == "GET":
        return _ask_purpose(request, number, party_id, "", 200)
    with reading(request):
        dispute = get_dispute(request.actor, number=number)
    purpose = request.POST.get("purpose", "")
    try:
        shown = actions.reveal_party(
            request.actor,
            dispute_id=dispute.pk,
            party_id=party_id,
            purpose=purpose,
            at=clock.now(),
        )
    except InvalidInput as error:
        with reading(request):
            return _ask_purpose(request, number, party_id, error.message, error.status).render()
    context = {
        "dispute": dispute,
        "case_url": reverse("work:dispute", args=[dispute.number]),
        "shown": shown,
        "purpose": PURPOSES[purpose],
    }
    response = TemplateResponse(request, "work/mediation/party.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _ask_purpose(
    request: Any, number: str, party_id: int, error: str, status: int
) -> TemplateResponse:
    dispute = get_dispute(request.actor, number=number)
    drawer = "work/mediation/purpose.html"
    context = {
        "dispute": dispute,
        "case_url": reverse("work:dispute", args=[dispute.number]),
        "party_id": party_id,
        "purposes": PURPOSES.items(),
        "error": error,
        "drawer": drawer,
        "title": "看当事人",
    }
    if request.headers.get("HX-Target") == "drawer":
        return TemplateResponse(request, drawer, context, status=status)
    inside = look_inside(request.actor, dispute=dispute)
    actions.note_look(request.actor, dispute=dispute, at=clock.now())
    context = {**head_context(dispute, inside.clocks), "inside": inside, **context}
    return TemplateResponse(request, "work/mediation/do.html", context, status=status)

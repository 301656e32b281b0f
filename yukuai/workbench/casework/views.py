"""One matter: its page, its photographs, its contact, and every move."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.cases import actions
from yukuai.cases.actions.contact import PURPOSES
from yukuai.cases.queries import get_case_by_number
from yukuai.documents.http import attachment_response, document_response
from yukuai.documents.queries import get_attachment, get_document
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.workbench.casework.page import case_context, head_context, note_look

CONTACT = "work/casework/contact.html"


@staff(Permission.CASE_VIEW)
@require_GET
def case_page(request: Any, number: str) -> HttpResponse:
    at = clock.now()
    case = get_case_by_number(request.actor, number=number)
    note_look(request, case, at)
    return TemplateResponse(request, "work/casework/case.html", case_context(request, case, at))


@staff(Permission.CASE_VIEW)
@require_GET
def photo(request: Any, number: str, photo_id: int) -> HttpResponse:
    case = get_case_by_number(request.actor, number=number)
    found = get_attachment(request.actor, attachment_id=photo_id, subject="case", object_id=case.pk)
    return attachment_response(found, "thumb" if request.GET.get("size") == "thumb" else "full")


@staff(Permission.CASE_VIEW)
@require_GET
def paper(request: Any, number: str, document_id: int) -> HttpResponse:
    case = get_case_by_number(request.actor, number=number)
    found = get_document(request.actor, document_id=document_id, subject="case", object_id=case.pk)
    return document_response(found)


@staff()
@require_GET
def closed_drawer(_request: Any) -> HttpResponse:
    """What stands where a drawer stood: nothing."""
    return HttpResponse()


@staff(Permission.CASE_VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def contact(request: Any, number: str) -> HttpResponse:
    """The purpose first; then name and number, once, on a page that is kept nowhere."""
    at = clock.now()
    if request.method == "GET":
        return _ask_purpose(request, number, "", 200)
    with reading(request):
        case = get_case_by_number(request.actor, number=number)
    try:
        found = actions.reveal_contact(
            request.actor, case_id=case.pk, purpose=request.POST.get("purpose", ""), at=at
        )
    except InvalidInput as error:
        with reading(request):
            return _ask_purpose(request, number, error.message, error.status).render()
    context = {
        "case": case,
        "case_url": reverse("work:case", args=[case.number]),
        "contact": found,
        "purpose": PURPOSES[request.POST["purpose"]],
    }
    response = TemplateResponse(request, CONTACT, context)
    response["Cache-Control"] = "no-store"
    return response


def _ask_purpose(request: Any, number: str, error: str, status: int) -> TemplateResponse:
    at = clock.now()
    case = get_case_by_number(request.actor, number=number)
    extra = {"purposes": PURPOSES.items(), "error": error, "drawer": "work/casework/purpose.html"}
    if request.headers.get("HX-Target") == "drawer":
        context = {"case": case, "case_url": reverse("work:case", args=[case.number]), **extra}
        return TemplateResponse(request, "work/casework/purpose.html", context, status=status)
    note_look(request, case, at)
    context = {**head_context(request, case, at), **extra}
    return TemplateResponse(request, "work/casework/do.html", context, status=status)

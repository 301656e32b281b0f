"""The resident's own matters: the list, one matter, rating and withdrawing it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import TICKETS_KEY, public, reading
from yukuai.cases.actions import rate_case, withdraw_case
from yukuai.cases.following import find_main
from yukuai.cases.queries import (
    get_own_case_by_number,
    get_receipt_code,
    list_own_cases,
    older_than,
)
from yukuai.cases.states import CaseState
from yukuai.documents.http import attachment_response, document_response
from yukuai.documents.queries import get_attachment, get_document, list_documents
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.portal.matters import pages
from yukuai.portal.matters.forms import RateForm, tidy_number
from yukuai.portal.matters.merged import with_main
from yukuai.portal.matters.story import tell
from yukuai.portal.matters.words import OTHERS_STATES, is_yours, state_of

PAGE = 30
RATED_BEFORE = "收到过您的评价了，不会重复。"


@public
@never_cache
@require_safe
def matters(request: Any) -> HttpResponse:
    at = clock.now()
    rows = list_own_cases(request.actor)
    if before := request.GET.get("before", ""):
        last = get_own_case_by_number(request.actor, number=tidy_number(before))
        rows = older_than(rows, received_at=last.received_at, pk=last.pk)
    found = list(rows[: PAGE + 1])
    context = {
        "rows": pages.list_rows(found[:PAGE], at=at),
        "older_url": f"?before={found[PAGE - 1].number}" if len(found) > PAGE else "",
        "newer_url": reverse("portal:matters") if before else "",
        "tickets": len(request.session.get(TICKETS_KEY, ())),
    }
    return TemplateResponse(request, "portal/matters/list.html", context)


@public
@never_cache
@require_safe
def matter(request: Any, number: str) -> HttpResponse:
    case = get_own_case_by_number(request.actor, number=number)
    initial = {"solved": request.GET.get("solved", "")}
    return _page(request, case, clock.now(), form=RateForm(initial=initial))


def _page(
    request: Any, case: Any, at: datetime, *, form: RateForm, status: int = 200
) -> HttpResponse:
    """A step of a reading."""
    actor = request.actor
    tone, word = state_of(case, at=at)
    due = pages.next_due(actor, case=case)
    events, moved = tell(actor, case=case, due=due, at=at)
    main = find_main(actor, case=case)
    documents = list_documents(actor, subject="case", object_id=case.pk)
    context = {
        "case": case,
        "tone": tone,
        "word": word,
        "due": due,
        "due_label": pages.label_of_due(case),
        "fact": pages.fact_of(case, at=at),
        "form": form if is_yours(case, at=at) else None,
        "may_reopen": case.reopened < case.rules().reopenings,
        "events": with_main(events, main, at=at),
        "main_word": OTHERS_STATES[main.state][1] if main else "",
        "documents": [d for d in documents if d.withdrawn_at is None],
        "viewers": pages.count_viewers(actor, case=case, moved=moved),
        "withdrawal": pages.withdrawal(actor, case=case, at=at),
    }
    return TemplateResponse(request, "portal/matters/matter.html", context, status=status)


@public
@never_cache
@require_POST
def rate(request: Any, number: str) -> HttpResponse:
    at = clock.now()
    with reading(request):
        case = get_own_case_by_number(request.actor, number=number)
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            rated = rate_case(request.actor, case_id=case.pk, answers=form.answers(), at=at)
        except InvalidInput as error:
            for field, sentence in error.fields.items():
                form.add_error(field if field in form.fields else None, sentence)
        except Conflict as error:
            rated_before = case.state in (CaseState.RATED, CaseState.REOPENED)
            messages.info(request, RATED_BEFORE if rated_before else error.message)
            return redirect("portal:matter", number=number)
        else:
            messages.success(request, _thanks(rated))
            return redirect("portal:matter", number=number)
    with reading(request):
        return _page(request, case, at, form=form, status=InvalidInput.status)


def _thanks(case: Any) -> str:
    if case.state == CaseState.REOPENED:
        return "收到了。这件事已经重新打开，单号不变，社区接着办。"
    return "收到了，谢谢您。"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Any, number: str) -> HttpResponse:
    """First a page that says what will happen; then it happens."""
    if request.method != "POST":
        return _confirm(request, number)
    with reading(request):
        case = get_own_case_by_number(request.actor, number=number)
    try:
        withdraw_case(request.actor, case_id=case.pk, at=clock.now())
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "撤回了，社区不再办。以后还能重新反映。")
    return redirect("portal:matter", number=number)


def _confirm(request: Any, number: str) -> HttpResponse:
    case = get_own_case_by_number(request.actor, number=number)
    offer = pages.withdrawal(request.actor, case=case, at=clock.now())
    if offer is None or not offer.allowed:
        messages.error(request, offer.reason if offer else "已经结束了，不用撤回。")
        return redirect("portal:matter", number=number)
    return TemplateResponse(request, "portal/matters/withdraw.html", {"case": case})


@public
@never_cache
@require_safe
def receipt(request: Any, number: str) -> HttpResponse:
    """On paper: number, code, where to ask. Only for whoever holds the matter."""
    case = get_own_case_by_number(request.actor, number=number)
    code = get_receipt_code(request.actor, case=case)
    context = {"case": case, "code": code, "due": pages.next_due(request.actor, case=case)}
    return TemplateResponse(request, "portal/matters/receipt.html", context)


@public
@require_safe
def photo(request: Any, number: str, attachment_id: int) -> HttpResponse:
    case = get_own_case_by_number(request.actor, number=number)
    attachment = get_attachment(
        request.actor, attachment_id=attachment_id, subject="case", object_id=case.pk
    )
    small = request.GET.get("size") == "thumb"
    return attachment_response(attachment, "thumb" if small else "full")


@public
@require_safe
def document(request: Any, number: str, document_id: int) -> HttpResponse:
    case = get_own_case_by_number(request.actor, number=number)
    found = get_document(request.actor, document_id=document_id, subject="case", object_id=case.pk)
    return document_response(found, large=request.GET.get("size") == "large")

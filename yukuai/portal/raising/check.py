"""Step 3: check and submit, once; then the receipt."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yukuai.accounts.access import public, reading
from yukuai.cases.public import find_receipt, preview_terms
from yukuai.cases.queries import get_own_case_by_number, known_categories
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, TooMany
from yukuai.portal.neighbours.pages import nearby
from yukuai.portal.raising import pages
from yukuai.portal.raising.draft import Draft, find_draft, find_sent, keep_draft
from yukuai.portal.raising.sending import find_earlier, submit
from yukuai.portal.raising.what import pending_photos
from yukuai.portal.raising.where import Known, known

GONE_PHOTOS = (
    "照片放得太久，已经清掉了。您写的字还在。要照片，请回第 1 步重新选；不要，就直接提交。"
)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Any) -> HttpResponse:
    at = clock.now()
    draft = find_draft(request, at=at)
    if request.method == "POST":
        return _submit(request, draft, at)
    if draft is None or not draft.body:
        return redirect("portal:raise-done" if find_sent(request) else "portal:raise")
    facts = known(request, draft)
    if not draft.where_done or facts.community is None:
        return redirect("portal:raise-where")
    return _page(request, draft, facts, at)


def _submit(request: Any, draft: Draft | None, at: datetime) -> HttpResponse:
    """The UUID stands in the form: a form sent twice, or sent again from the browser's history,
    is the report it was."""
    uuid = _uuid(request.POST.get("client_uuid", ""))
    if draft is None or uuid != draft.uuid:
        if uuid is not None and find_earlier(request, client_uuid=uuid):
            return redirect("portal:raise-done")
        messages.error(request, "还没有提交。请从这里再看一遍。")
        return redirect("portal:raise-check" if draft else "portal:raise")
    with reading(request):
        facts = known(request, draft)
    if not draft.where_done or facts.community is None:
        return redirect("portal:raise-where")
    try:
        submit(request, draft, facts, at=at)
    except DomainError as error:
        return _refused(request, draft, facts, error, at)
    return redirect("portal:raise-done")


def _refused(
    request: Any, draft: Draft, facts: Known, error: DomainError, at: datetime
) -> HttpResponse:
    """The page again, with everything on it and what to do."""
    sentence = error.message
    with reading(request):
        if draft.photos and not pending_photos(request, draft, at=at):
            sentence = GONE_PHOTOS
            draft.photos.clear()
            keep_draft(request, draft, at=at)
        response = _page(request, draft, facts, at, sentence=sentence, status=error.status)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response


def _page(
    request: Any, draft: Draft, facts: Known, at: datetime, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    """A step of a reading."""
    actor, community = request.actor, facts.community
    assert community is not None
    category = pages.find_category(known_categories(actor), draft.category_id)
    promises = preview_terms(actor, area=community.area, category=category, at=at)
    context = {
        "steps": pages.STEPS,
        "step": 3,
        "draft": draft,
        "rows": pages.review_rows(draft, category=category, community=community, me=facts.me),
        "category": category,
        "sentence": sentence,
        "nearby": nearby(actor, draft=draft, community=community, category=category, at=at),
        "sentences": pages.what_follows(promises, category=category, named=draft.named, at=at),
        "calls": pages.urgent_calls(actor, draft.body),
    }
    return TemplateResponse(request, "portal/raising/check.html", context, status=status)


@public
@never_cache
@require_safe
def done(request: Any) -> HttpResponse:
    """The receipt, for as long as this browser remembers what it sent last."""
    sent = find_sent(request)
    receipt = find_receipt(request.actor, client_uuid=sent) if sent else None
    if receipt is None:
        return redirect("portal:follow")
    case = get_own_case_by_number(request.actor, number=receipt.number)
    promises = preview_terms(
        request.actor, area=case.area, category=case.category, at=case.received_at
    )
    context = {
        "receipt": receipt,
        "case": case,
        "url": reverse("portal:matter", args=[receipt.number]),
        "sentences": pages.what_follows(
            promises, category=case.category, named=not case.anonymous, at=clock.now()
        ),
        "calls": pages.urgent_calls(request.actor, case.body),
    }
    return TemplateResponse(request, "portal/raising/done.html", context)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None

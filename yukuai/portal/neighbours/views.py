"""我也遇到了: following a neighbour's matter instead of raising it again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import public, resident
from yukuai.cases.actions import follow_case, resume_following, unfollow_case
from yukuai.cases.following import get_followed, list_followed, list_following
from yukuai.cases.neighbours import find_by_reference
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, NotFound
from yukuai.kernel.limits import hit
from yukuai.portal.neighbours import pages
from yukuai.portal.raising.draft import drop_draft, find_draft

PAGE = 30
HOUR = 3600
FOLLOWED_AN_HOUR = 30
GONE = "这件事现在不能跟了，可能已经办完。您写的都在，可以接着提交。"


@resident
@never_cache
@require_POST
def follow(request: Any, reference: str) -> HttpResponse:
    """What was typed stays: whoever finds it is another thing after all goes on submitting."""
    at = clock.now()
    case_id = find_by_reference(reference)
    hit(f"neighbour:{request.actor.user_id}", limit=FOLLOWED_AN_HOUR, per_seconds=HOUR, at=at)
    try:
        if case_id is None:
            raise NotFound(GONE)
        row = follow_case(request.actor, case_id=case_id, at=at)
    except NotFound:
        messages.error(request, GONE)
        return redirect("portal:raise-check")
    except Conflict as error:
        messages.error(request, error.message)
        return redirect("portal:raise-check")
    messages.success(request, "记下了。这件事有了答复，会告诉您。")
    return redirect("portal:followed", follower_id=row.pk)


@public
@never_cache
@require_POST
def drop(request: Any) -> HttpResponse:
    """The neighbour's matter is enough: what was typed here goes."""
    drop_draft(request)
    messages.success(request, "写的清掉了，没有提交。")
    return redirect("portal:followed-list")


@public
@never_cache
@require_safe
def followed_list(request: Any) -> HttpResponse:
    rows = list_following(request.actor)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.order_by("-pk").filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "rows": pages.followed_rows(list_followed(request.actor, rows=found[:PAGE])),
        "older_url": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "newer_url": reverse("portal:followed-list") if before else "",
    }
    return TemplateResponse(request, "portal/neighbours/list.html", context)


@public
@never_cache
@require_safe
def followed(request: Any, follower_id: int) -> HttpResponse:
    at = clock.now()
    found = get_followed(request.actor, follower_id=follower_id)
    draft = find_draft(request, at=at)
    context = {
        **pages.followed_context(found, at=at),
        "draft": draft is not None and draft.where_done,
    }
    return TemplateResponse(request, "portal/neighbours/followed.html", context)


@public
@never_cache
@require_POST
def stop(request: Any, follower_id: int) -> HttpResponse:
    """One tap; the page it leads to has the way back."""
    unfollow_case(request.actor, follower_id=follower_id, at=clock.now())
    return redirect("portal:followed", follower_id=follower_id)


@public
@never_cache
@require_POST
def resume(request: Any, follower_id: int) -> HttpResponse:
    resume_following(request.actor, follower_id=follower_id, at=clock.now())
    messages.success(request, "接着跟了，有了答复会告诉您。")
    return redirect("portal:followed", follower_id=follower_id)

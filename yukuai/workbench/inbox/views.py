"""收件箱: what the platform told this officer. Opening a message marks it as read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.kernel import clock
from yukuai.messaging.actions import mark_all_read, mark_read
from yukuai.messaging.queries import count_unread, get_inbox_page
from yukuai.messaging.rules import tidy_number


@staff()
@require_safe
def inbox(request: Any) -> HttpResponse:
    unread_only = "all" not in request.GET
    page = get_inbox_page(
        request.actor, unread_only=unread_only, before=tidy_number(request.GET.get("before"))
    )
    context = {
        "page": page,
        "unread_only": unread_only,
        "unread": count_unread(request.actor),
    }
    return TemplateResponse(request, "inbox/work.html", context)


@staff()
@require_POST
def read(request: Any, message_id: int) -> HttpResponse:
    message = mark_read(request.actor, message_id=message_id, at=clock.now())
    return redirect(message.link or "work:inbox")


@staff()
@require_POST
def read_all(request: Any) -> HttpResponse:
    until = tidy_number(request.POST.get("until")) or 0
    mark_all_read(request.actor, until_id=until, at=clock.now())
    return redirect("work:inbox")

"""越区查看: a look outside one's area with a reason, and those who keep an eye on it."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.actions import break_glass, end_glass, end_own_glasses
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import get_glass, list_glasses, list_own_glasses
from yukuai.accounts.rules import REASON_LEAST
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import (
    AdminForm,
    Question,
    ask_or_act,
    attempt,
    confirm,
    looking,
    typed,
)
from yukuai.workbench.admin.paging import by_moment
from yukuai.workbench.admin.places import area_of, search_place
from yukuai.workbench.fields import words

P = Permission
CRUMB: dict[str, Any] = {"label": "越区查看", "url": reverse_lazy("work:glasses")}
KEPT = timedelta(days=366)


class GlassForm(AdminForm):
    reason = words(
        "为什么要看",
        f"请写明理由，至少 {REASON_LEAST} 个字。",
        rows=4,
        help=f"至少 {REASON_LEAST} 个字。写清为了哪件事、要看什么；以后核查的人靠它判断。",
    )


@staff(P.GLASS_BREAK)
@ask_or_act
def look(request: Any) -> HttpResponse:
    """First where, in the address; then why."""
    at = clock.now()
    with looking(request):
        search = search_place(request.actor, request.GET)
        objection = _objection(request.actor, search.chosen)
        own = list(list_own_glasses(request.actor, at=at))
    division, form = search.chosen, GlassForm(typed(request))
    if request.method == "POST" and division is not None:
        glass = attempt(
            form,
            lambda: break_glass(
                request.actor,
                division_id=division.pk,
                reason=form.cleaned_data["reason"],
                at=at,
            ),
        )
        if glass is not None:
            messages.success(request, f"可以看{division}了，到时间自动结束。只看不办。")
            within = urlencode({"within": division.pk})
            return HttpResponseRedirect(f"{reverse('work:cases')}?{within}")
    context = {
        "form": form,
        "search": search,
        "objection": objection,
        "own": own,
        "crumbs": [{"label": "临时越区查看"}],
    }
    return TemplateResponse(request, "work/admin/glass/look.html", context, status=form.status)


@staff()
@require_POST
def end_own(request: Any) -> HttpResponse:
    """The button of the banner: back into one's own area."""
    if end_own_glasses(request.actor, at=clock.now()):
        messages.success(request, "越区查看已结束。")
    return HttpResponseRedirect(reverse("work:today"))


@staff(P.GLASS_REVIEW)
@require_safe
def glasses(request: Any) -> HttpResponse:
    at = clock.now()
    page = by_moment(request, list_glasses(request.actor, since=at - KEPT), "valid_from")
    context = {"page": page, "at": at, "crumbs": [{"label": "越区查看"}]}
    return TemplateResponse(request, "work/admin/glass/list.html", context)


@staff(P.GLASS_REVIEW)
@ask_or_act
def end(request: Any, glass_id: int) -> HttpResponse:
    with looking(request):
        glass = get_glass(request.actor, glass_id=glass_id)
    question = Question(
        title=f"结束{glass.user}的越区查看？",
        follows=(
            f"他正在看{glass.division}，理由是：{glass.reason}",
            "结束后他马上看不到那里的事；记录都留着。",
            "他要再看，得重新写理由。",
        ),
        yes="结束越区查看",
        no="不结束",
        back_url=reverse("work:glasses"),
        done=f"{glass.user}的越区查看已结束。",
        crumbs=[CRUMB, {"label": "提前结束"}],
    )
    return confirm(
        request,
        question,
        lambda reason: end_glass(request.actor, glass_id=glass_id, reason=reason, at=clock.now()),
    )


def _objection(actor: Any, division: Any) -> str:
    """Said before somebody writes a reason for nothing; the action says it too."""
    mine = area_of(actor, P.GLASS_BREAK)
    if division is None:
        return ""
    if division.path.startswith(mine):
        return f"{division}本来就归您看，不用越区。请选您辖区以外的地方。"
    if mine.startswith(division.path):
        return f"{division}把您自己的辖区也包括在内，范围太大。请选具体的地方。"
    return ""

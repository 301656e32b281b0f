"""What waits for a person: letters that were not delivered, words that could not be obeyed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.exchange import carrying
from yukuai.exchange.actions.exceptions import open_refused, settle_by_hand
from yukuai.exchange.actions.sending import drop_parcel, resend_parcel
from yukuai.exchange.queries.matters import (
    count_dead,
    count_refused,
    get_dead,
    get_refused,
    list_dead,
    list_refused,
    words_of,
)
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict
from yukuai.workbench.admin.asking import Question, ask_or_act, confirm, looking
from yukuai.workbench.admin.paging import ascending
from yukuai.workbench.exchange.systems import CRUMB

P = Permission


@staff(P.EXCHANGE_MANAGE)
@require_safe
def dead(request: Any) -> HttpResponse:
    page = ascending(request, list_dead(request.actor), ("pk",))
    context = {"page": page, "rows": page.rows, "tab": "dead", **_counts(request)}
    return TemplateResponse(request, "work/exchange/dead.html", context)


@staff(P.EXCHANGE_MANAGE)
@require_safe
def refused(request: Any) -> HttpResponse:
    page = ascending(request, list_refused(request.actor), ("pk",))
    rows = [(row, words_of(request.actor, notice=row)) for row in page.rows]
    context = {"page": page, "rows": rows, "tab": "refused", **_counts(request)}
    return TemplateResponse(request, "work/exchange/refused.html", context)


def _counts(request: Any) -> dict[str, Any]:
    return {"dead": count_dead(request.actor), "refused": count_refused(request.actor)}


@staff(P.EXCHANGE_MANAGE)
@require_POST
def resend(request: Any, parcel_id: int) -> HttpResponse:
    try:
        resend_parcel(request.actor, parcel_id=parcel_id, at=clock.now())
        messages.success(request, "重新排上了，马上再送。送到以后，后面的接着送。")
    except Conflict as error:
        messages.error(request, error.message)
    return HttpResponseRedirect(reverse("work:exchange-dead"))


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def drop(request: Any, parcel_id: int) -> HttpResponse:
    with looking(request):
        parcel = get_dead(request.actor, parcel_id=parcel_id)
    system, number = parcel.link.system.name, parcel.link.case.number
    follows = [f"{system}收不到这一封，我们这边的事和期限不变。"]
    if parcel.opens:
        follows.append("这一封是事情本身：不送，后面的进展也都不送了。对方要知道，请打电话。")
    else:
        follows.append("排在它后面的接着送。")
    question = Question(
        title=f"{number} 不再送{system}？",
        follows=follows,
        yes="不再送",
        no="先放着",
        back_url=reverse("work:exchange-dead"),
        done=f"{number} 这一封不再送。",
        crumbs=[CRUMB, {"label": "没送到的", "url": reverse("work:exchange-dead")}],
    )
    return confirm(
        request,
        question,
        lambda reason: drop_parcel(
            request.actor, parcel_id=parcel_id, reason=reason, at=clock.now()
        ),
    )


@staff(P.EXCHANGE_MANAGE)
@require_POST
def retry(request: Any, notice_id: int) -> HttpResponse:
    at = clock.now()
    try:
        ids = open_refused(request.actor, notice_id=notice_id, at=at)
        refusal = carrying.retry(notice_ids=ids, at=at)
    except Conflict as error:
        refusal = error.message
    if refusal:
        messages.error(request, f"还是办不了：{refusal}")
    else:
        messages.success(request, "办好了。")
    return HttpResponseRedirect(reverse("work:exchange-refused"))


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def settle(request: Any, notice_id: int) -> HttpResponse:
    with looking(request):
        notice = get_refused(request.actor, notice_id=notice_id)
    number = notice.link.case.number if notice.link else notice.external_id
    question = Question(
        title=f"{number} 记为已处理？",
        follows=(
            f"对方说的是“{notice.theirs}”。我们这边的状态不会因此改变。",
            "写明是怎么处理的，例如：已在事情页面答复，已打电话和对方说清。",
        ),
        yes="记为已处理",
        no="先放着",
        back_url=reverse("work:exchange-refused"),
        done="记下了。",
        danger=False,
        crumbs=[CRUMB, {"label": "办不了的", "url": reverse("work:exchange-refused")}],
    )
    return confirm(
        request,
        question,
        lambda reason: settle_by_hand(
            request.actor, notice_id=notice_id, reason=reason, at=clock.now()
        ),
    )

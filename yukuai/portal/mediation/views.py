"""我的人民调解: that it exists, how it stands, the next date; refuse the mediator, or leave."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yukuai.accounts.access import reading, resident
from yukuai.disputes.actions import refuse_mediator, withdraw
from yukuai.disputes.queries import get_own_dispute, get_own_view, list_own_disputes
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.portal.fields import WordsField
from yukuai.portal.mediation.pages import as_row, own_offers

SHOWN = 50


class ReasonForm(forms.Form):
    """He need not say why."""

    reason = WordsField(
        label="理由",
        most=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只有司法所和接手的调解员看得到，对方看不到。",
    )


@resident
@never_cache
@require_safe
def mediations(request: Any) -> HttpResponse:
    rows = [as_row(one) for one in list_own_disputes(request.actor)[:SHOWN]]
    return TemplateResponse(request, "portal/mediation/list.html", {"rows": rows})


@resident
@never_cache
@require_safe
def mediation(request: Any, number: str) -> HttpResponse:
    view = get_own_view(request.actor, number=number)
    at = clock.now()
    context = {
        "view": view,
        "row": as_row(view.dispute),
        "offers": own_offers(request.actor, dispute=view.dispute, at=at),
        "ways": view.ways,
        "now": at,
    }
    return TemplateResponse(request, "portal/mediation/mediation.html", context)


@resident
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Any, number: str) -> HttpResponse:
    """First a page that says what will happen; then it happens."""
    words = {
        "title": "不接受这位调解员？",
        "words": "由司法所另找一位，原来的调解员从此看不到这件纠纷。可以不说理由。",
        "yes": "不接受，换一位",
        "no": "先不换",
        "done": "收到了。司法所会另找一位调解员，找好了告诉您。",
    }
    return _decide(request, number, "refuse", refuse_mediator, words)


@resident
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Any, number: str) -> HttpResponse:
    words = {
        "title": "不调解了？",
        "words": "调解就此结束，对方会知道有一方不再调解。"
        "以后还可以再申请，也可以走仲裁、诉讼等途径。",
        "yes": "不调解了",
        "no": "接着调解",
        "done": "收到了，调解到此结束。",
    }
    return _decide(request, number, "withdraw", withdraw, words)


def _decide(
    request: Any,
    number: str,
    name: str,
    act: Callable[..., object],
    words: dict[str, str],
) -> HttpResponse:
    if request.method != "POST":
        return _confirm(request, number, name, words, ReasonForm(), 200)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        with reading(request):
            page = _confirm(request, number, name, words, form, InvalidInput.status)
            return page.render()
    with reading(request):
        dispute = get_own_dispute(request.actor, number=number)
    try:
        act(
            request.actor,
            dispute_id=dispute.pk,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
    except Conflict as error:
        messages.info(request, error.message)
    else:
        messages.success(request, words["done"])
    return redirect("portal:mediation", number=dispute.number)


def _confirm(
    request: Any, number: str, name: str, words: dict[str, str], form: ReasonForm, status: int
) -> TemplateResponse:
    dispute = get_own_dispute(request.actor, number=number)
    offer = own_offers(request.actor, dispute=dispute, at=clock.now())[name]
    if not offer.allowed:
        raise Conflict(offer.reason)
    context = {
        **words,
        "form": form,
        "url": request.path,
        "back_url": reverse("portal:mediation", args=[dispute.number]),
        "danger": name == "withdraw",
    }
    return TemplateResponse(request, "portal/mediation/confirm.html", context, status=status)

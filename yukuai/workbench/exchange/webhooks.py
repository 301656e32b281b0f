"""推送: where a client is told of events, how that goes, and telling it again."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import get_client
from yukuai.exchange import feeding
from yukuai.exchange.actions.subscriptions import (
    change_webhook_secret,
    create_subscription,
    end_subscription,
    replay_events,
    resume_subscription,
)
from yukuai.exchange.queries.subscriptions import (
    get_subscription,
    list_subscriptions,
    list_tries,
)
from yukuai.exchange.rules import EVENT_TYPES
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    Question,
    ask_or_act,
    attempt,
    confirm,
    looking,
    show_once,
    typed,
)
from yukuai.workbench.fields import line

P = Permission
CLIENTS: dict[str, Any] = {"label": "接口客户", "url": reverse_lazy("work:clients")}
TRIES = 50
TONES = {"pending": "wait", "active": "run", "paused": "late", "ended": "off"}


class SubscriptionForm(AdminForm):
    address = line(
        "推到哪个地址", "请填对方给的地址。", help="以 https:// 开头，对方在公网上收消息的地址。"
    )
    types = forms.MultipleChoiceField(
        label="推哪些事件",
        choices=list(EVENT_TYPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一种事件。", "invalid_choice": "从列出的里选。"},
    )
    contact = line(
        "推不动时给谁发短信", required=False, help="对方值班的手机号。推送暂停时发一条，封存保管。"
    )


class ReplayForm(AdminForm):
    since = DayField("从哪一天起", help_text="同样的事件、同样的编号，对方认得出是重的。")


@staff(P.CLIENT_MANAGE)
@require_safe
def webhooks(request: Any, client_id: int) -> HttpResponse:
    client = get_client(request.actor, client_id=client_id)
    rows = list_subscriptions(request.actor, client_id=client_id)
    context = {
        "client": client,
        "rows": [(row, *_chip(row), _labels(row)) for row in rows],
        "crumbs": [CLIENTS, {"label": f"{client}：推送"}],
    }
    return TemplateResponse(request, "work/exchange/webhooks.html", context)


def _chip(row: Any) -> tuple[str, str]:
    """Tone and word: one that is failing is not simply under way."""
    if row.state == "active" and row.failing_since:
        return "soon", "没推到，在重试"
    return TONES[row.state], row.get_state_display()


def _labels(row: Any) -> list[str]:
    return [EVENT_TYPES[name] for name in row.types if name in EVENT_TYPES]


@staff(P.CLIENT_MANAGE)
@never_cache
@ask_or_act
def new(request: Any, client_id: int) -> HttpResponse:
    with looking(request):
        client = get_client(request.actor, client_id=client_id)
    form = SubscriptionForm(typed(request), initial={"types": list(EVENT_TYPES)})
    back = reverse("work:webhooks", args=[client_id])
    if request.method == "POST":
        made = attempt(
            form,
            lambda: create_subscription(
                request.actor, client_id=client_id, **form.cleaned_data, at=clock.now()
            ),
        )
        if made is not None:
            subscription, key = made
            return _show_secret(request, subscription.pk, key, client)
    context = {
        "form": form,
        "title": f"给{client}推送事件",
        "lead": "对方同意接收以后才开始推，从那时起发生的事都推。只推登记过的内容。",
        "button": "建推送，出密钥",
        "no": "不建了",
        "back_url": back,
        "crumbs": [CLIENTS, {"label": f"{client}：推送", "url": back}, {"label": "新建"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


def _show_secret(request: Any, subscription_id: int, key: str, client: Any) -> HttpResponse:
    context = {
        "key": key,
        "client": client,
        "subscription_id": subscription_id,
        "crumbs": [CLIENTS, {"label": "密钥"}],
    }
    return show_once(request, "work/exchange/webhook_secret.html", context)


@staff(P.CLIENT_MANAGE)
@require_safe
def one(request: Any, subscription_id: int) -> HttpResponse:
    found = get_subscription(request.actor, subscription_id=subscription_id)
    tone, word = _chip(found)
    tries = list_tries(request.actor, subscription=found, limit=TRIES)
    context = {
        "subscription": found,
        "tone": tone,
        "word": word,
        "labels": _labels(found),
        "tries": [(one, EVENT_TYPES.get(one.type, one.type)) for one in tries],
        "crumbs": _crumbs(found),
    }
    return TemplateResponse(request, "work/exchange/webhook.html", context)


def _crumbs(found: Any) -> list[dict[str, Any]]:
    back = reverse("work:webhooks", args=[found.client_id])
    host = urlsplit(found.address).hostname or found.address
    return [CLIENTS, {"label": f"{found.client}：推送", "url": back}, {"label": host}]


def _back(subscription_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("work:webhook", args=[subscription_id]))


@staff(P.CLIENT_MANAGE)
@require_POST
def shake(request: Any, subscription_id: int) -> HttpResponse:
    refusal = feeding.shake(request.actor, subscription_id=subscription_id, at=clock.now())
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, "对方同意了，从现在起推。")
    return _back(subscription_id)


@staff(P.CLIENT_MANAGE)
@require_POST
def resume(request: Any, subscription_id: int) -> HttpResponse:
    try:
        resume_subscription(request.actor, subscription_id=subscription_id, at=clock.now())
        messages.success(request, "接着推了，从断的地方起。")
    except Conflict as error:
        messages.error(request, error.message)
    return _back(subscription_id)


@staff(P.CLIENT_MANAGE)
@never_cache
@ask_or_act
def secret(request: Any, subscription_id: int) -> HttpResponse:
    with looking(request):
        found = get_subscription(request.actor, subscription_id=subscription_id)
    question = AdminForm(typed(request))
    if request.method == "POST":
        key = attempt(
            question,
            lambda: change_webhook_secret(
                request.actor, subscription_id=subscription_id, at=clock.now()
            ),
        )
        if key is not None:
            return _show_secret(request, subscription_id, key, found.client)
    context = {
        "form": question,
        "title": "换推送的密钥？",
        "lead": "以后 7 天里新旧两把都签，对方换好就行；7 天以后只签新的。",
        "button": "换密钥",
        "no": "不换了",
        "back_url": reverse("work:webhook", args=[subscription_id]),
        "crumbs": _crumbs(found),
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=question.status)


@staff(P.CLIENT_MANAGE)
@ask_or_act
def replay(request: Any, subscription_id: int) -> HttpResponse:
    with looking(request):
        found = get_subscription(request.actor, subscription_id=subscription_id)
    form = ReplayForm(typed(request))
    if request.method == "POST":
        attempt(
            form,
            lambda: replay_events(
                request.actor,
                subscription_id=subscription_id,
                since=form.cleaned_data["since"],
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, "开始重放了。")
            return _back(subscription_id)
    context = {
        "form": form,
        "title": f"给{found.client}重放",
        "lead": "从那一天起的事件，按原来的先后再推一遍，然后接着推新的。",
        "button": "重放",
        "no": "不重放",
        "back_url": reverse("work:webhook", args=[subscription_id]),
        "crumbs": _crumbs(found),
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.CLIENT_MANAGE)
@ask_or_act
def end(request: Any, subscription_id: int) -> HttpResponse:
    with looking(request):
        found = get_subscription(request.actor, subscription_id=subscription_id)
    question = Question(
        title=f"停止给{found.client}推送？",
        follows=(
            "从现在起不再推到这个地址，密钥也作废。",
            "推过什么，30 天内还查得到。要再推，重新建。",
        ),
        yes="停止推送",
        no="不停",
        back_url=reverse("work:webhook", args=[subscription_id]),
        done="停了。",
        crumbs=_crumbs(found),
    )
    return confirm(
        request,
        question,
        lambda reason: end_subscription(
            request.actor, subscription_id=subscription_id, reason=reason, at=clock.now()
        ),
    )

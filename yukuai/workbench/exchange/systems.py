"""外部系统: which there are, how each is reached, which departments work in it."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.accounts.queries import list_departments_in
from yukuai.exchange.actions.systems import (
    Settings,
    change_secret,
    change_system,
    create_system,
    set_routes,
)
from yukuai.exchange.gateways.protocol import preset, read_toml
from yukuai.exchange.queries.matters import count_dead, count_refused
from yukuai.exchange.queries.systems import (
    count_unmapped,
    get_managed_system,
    get_system,
    list_overview,
    list_routes,
)
from yukuai.exchange.rules import JITTER_PERCENT, REPLAY_SECONDS, RETRY_SECONDS, STALE_DAYS
from yukuai.exchange.states import SystemKind
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, show_once, typed
from yukuai.workbench.admin.places import own_division
from yukuai.workbench.fields import choice, line, words

if TYPE_CHECKING:
    from yukuai.exchange.models import ExternalSystem

P = Permission
CRUMB: dict[str, Any] = {"label": "外部系统", "url": reverse_lazy("work:exchange")}
KINDS = SystemKind.choices
WHY = "写明为什么改，以后查得到。"


def number(label: str, initial: int, least: int, most: int, help: str) -> forms.IntegerField:
    sentence = f"填 {least} 到 {most} 的数字。"
    return forms.IntegerField(
        label=label,
        initial=initial,
        min_value=least,
        max_value=most,
        help_text=help,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
    )


class SystemForm(AdminForm):
    name = line("名称", "请填名称。", help="大家平时怎么叫它，例如：区综治平台。")
    base_url = line(
        "地址", "请填地址。", help="对方给的接口地址，以 https:// 开头，不带后面的路径。"
    )
    keeper = line("出了问题问谁", "写明问哪个单位、哪个电话。", help="单位和值班电话，不写个人。")
    connect_seconds = number("几秒连不上就算失败", 5, 1, 30, "")
    read_seconds = number("几秒没回应就算失败", 15, 1, 120, "")
    retry_seconds = line(
        "失败以后隔多少秒再试",
        "写几个数字，例如 60 300 1800。",
        help="用空格隔开，一个数字试一次；都试过还不行，就请人来看。",
    )
    jitter_percent = number(
        "每次多等百分之几", JITTER_PERCENT, 0, 100, "随机多等一点，对方恢复时不挤在一起。"
    )
    replay_seconds = number(
        "对方的时间戳能差几秒", REPLAY_SECONDS, 30, 3600, "超过就不认，防止有人重放旧的调用。"
    )
    stale_days = number("几天没动静写进对账", STALE_DAYS, 1, 90, "")
    protocol = words(
        "接口说明",
        rows=12,
        required=False,
        help="路径、字段和签名方法，JSON 或 TOML，由对方的技术人员提供。"
        "新建时不填，就用这类系统的样例。",
    )
    active = forms.BooleanField(label="在用", required=False, initial=True)

    plain = ("name", "base_url", "keeper", "active")

    def first(self) -> list[Any]:
        """What everybody fills in; the rest is folded."""
        return [bound for bound in self.visible_fields() if bound.name not in self._folded()]

    def rest(self) -> list[Any]:
        return [bound for bound in self.visible_fields() if bound.name in self._folded()]

    def _folded(self) -> set[str]:
        return set(SystemForm.base_fields) - set(self.plain)

    def open_rest(self) -> bool:
        return any(bound.errors for bound in self.rest())

    def clean_retry_seconds(self) -> tuple[int, ...]:
        said = str(self.cleaned_data["retry_seconds"]).replace("、", " ").replace("，", " ").split()
        if not all(word.isascii() and word.isdigit() and len(word) < 9 for word in said):
            raise forms.ValidationError("用空格隔开几个数字，例如 60 300 1800。")
        return tuple(map(int, said))

    def clean_protocol(self) -> dict[str, Any]:
        text = str(self.cleaned_data["protocol"]).strip()
        if not text:
            return preset(str(self.data.get("kind", "")))
        for read in (json.loads, read_toml):
            try:
                found = read(text)
            except ValueError:
                continue
            return found if isinstance(found, dict) else {}
        raise forms.ValidationError("这段读不懂。要么是 JSON，要么是 TOML，请对方核对。")

    def settings(self) -> Settings:
        said = {name: self.cleaned_data[name] for name in SystemForm.base_fields}
        return Settings(**said)


class NewSystemForm(SystemForm):
    code = line("代号", "请填代号。", help="小写字母、数字和短横，例如 nanqu-zongzhi；以后不能改。")
    kind = choice("哪一种", KINDS, "选一种系统。")
    field_order = ("kind", "name", "code")


class ChangeForm(SystemForm):
    reason = words("为什么改", WHY, rows=2)


class SecretForm(AdminForm):
    reason = words("为什么换", WHY, rows=2)


@staff(P.EXCHANGE_MANAGE)
@require_safe
def systems(request: Any) -> HttpResponse:
    context = {
        "rows": list_overview(request.actor),
        "dead": count_dead(request.actor),
        "refused": count_refused(request.actor),
        "tab": "systems",
    }
    return TemplateResponse(request, "work/exchange/list.html", context)


@staff(P.EXCHANGE_MANAGE)
@never_cache
@ask_or_act
def new(request: Any) -> HttpResponse:
    """In the officer's own place. The secret is in the answer, and nowhere else."""
    with looking(request):
        here = own_division(request.actor, P.EXCHANGE_MANAGE)
    if here is None:
        raise NotFound("您的岗位不在某个地方，不能新建外部系统。")
    initial = {"retry_seconds": _waits(RETRY_SECONDS), "kind": "governance"}
    form = NewSystemForm(typed(request), initial=initial)
    if request.method == "POST":
        made = attempt(form, lambda: _create(request.actor, form, here.pk))
        if made is not None:
            made_system, key = made
            return _show_secret(request, made_system, key, "建好了")
    context = {
        "form": form,
        "title": "接入外部系统",
        "lead": f"管{here}的事。建好以后，再核对状态对照表，选哪些部门在里面办。",
        "button": "接入，出密钥",
        "no": "不接了",
        "back_url": reverse("work:exchange"),
        "crumbs": [CRUMB, {"label": "接入"}],
    }
    return TemplateResponse(request, "work/exchange/form.html", context, status=form.status)


def _create(actor: Any, form: NewSystemForm, division_id: int) -> Any:
    return create_system(
        actor,
        code=form.cleaned_data["code"],
        kind=form.cleaned_data["kind"],
        division_id=division_id,
        settings=form.settings(),
        at=clock.now(),
    )


def _waits(seconds: Any) -> str:
    return " ".join(map(str, seconds))


def _show_secret(request: Any, one: "ExternalSystem", key: str, what: str) -> HttpResponse:
    context = {
        "system": one,
        "key": key,
        "what": what,
        "callback": request.build_absolute_uri(reverse("exchange-callback", args=[one.code])),
        "crumbs": [CRUMB, {"label": "密钥"}],
    }
    return show_once(request, "work/exchange/secret.html", context)


@staff(P.EXCHANGE_MANAGE)
@require_safe
def system(request: Any, code: str) -> HttpResponse:
    found = get_system(request.actor, code=code)
    context = {
        "system": found,
        "may": bool(check(request.actor, P.EXCHANGE_MANAGE, found)),
        "routes": list_routes(request.actor, system=found),
        "unmapped": count_unmapped(request.actor, system=found),
        "waits": _waits(found.retry_seconds),
        "callback": request.build_absolute_uri(reverse("exchange-callback", args=[found.code])),
        "crumbs": [CRUMB, {"label": found.name}],
    }
    return TemplateResponse(request, "work/exchange/system.html", context)


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def edit(request: Any, code: str) -> HttpResponse:
    with looking(request):
        found = get_managed_system(request.actor, code=code)
    form, back = ChangeForm(typed(request), initial=_now(found)), _url(found)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        attempt(
            form,
            lambda: change_system(
                request.actor, code=code, settings=form.settings(), reason=reason, at=clock.now()
            ),
        )
        if not form.errors:
            messages.success(request, "改好了，马上起作用。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"改{found.name}",
        "lead": "停用以后不送也不收，等着送的都留着，启用了接着送。",
        "button": "保存",
        "back_url": back,
        "crumbs": [CRUMB, {"label": found.name, "url": back}, {"label": "改"}],
    }
    return TemplateResponse(request, "work/exchange/form.html", context, status=form.status)


def _now(found: "ExternalSystem") -> dict[str, Any]:
    values = {name: getattr(found, name) for name in SystemForm.base_fields}
    return values | {
        "retry_seconds": _waits(found.retry_seconds),
        "protocol": json.dumps(found.protocol, ensure_ascii=False, indent=1),
    }


def _url(found: "ExternalSystem") -> str:
    return reverse("work:exchange-system", args=[found.code])


@staff(P.EXCHANGE_MANAGE)
@never_cache
@ask_or_act
def secret(request: Any, code: str) -> HttpResponse:
    with looking(request):
        found = get_managed_system(request.actor, code=code)
    form, back = SecretForm(typed(request)), _url(found)
    if request.method == "POST":
        key = attempt(
            form,
            lambda: change_secret(
                request.actor, code=code, reason=form.cleaned_data["reason"], at=clock.now()
            ),
        )
        if key is not None:
            return _show_secret(request, found, key, "换了密钥")
    context = {
        "form": form,
        "title": f"给{found.name}换密钥",
        "lead": "新密钥马上用来签我们发出的；对方用旧的来调，7 天内也还认。",
        "button": "换密钥",
        "no": "不换了",
        "back_url": back,
        "crumbs": [CRUMB, {"label": found.name, "url": back}, {"label": "换密钥"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


class RoutesForm(AdminForm):
    departments = forms.TypedMultipleChoiceField(
        label="哪些部门在这个系统里办",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="派给这些部门的事，自动送过去。一个部门只走一个系统。",
        error_messages={"invalid_choice": "请从列出的部门里选。"},
    )


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def routes(request: Any, code: str) -> HttpResponse:
    with looking(request):
        found = get_managed_system(request.actor, code=code)
        offices = list(list_departments_in(request.actor, division=found.division))
        chosen = [route.department_id for route in list_routes(request.actor, system=found)]
    form, back = RoutesForm(typed(request), initial={"departments": chosen}), _url(found)
    field = form.fields["departments"]
    assert isinstance(field, forms.TypedMultipleChoiceField)
    field.choices = [(one.pk, f"{one.division.name} · {one.name}") for one in offices]
    if request.method == "POST":
        attempt(
            form,
            lambda: set_routes(
                request.actor,
                code=code,
                department_ids=form.cleaned_data["departments"],
                at=clock.now(),
            ),
        )
        if not form.errors:
            messages.success(request, "记下了。以后派给这些部门的事，自动送过去。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"{found.name}：哪些部门在用",
        "lead": "已经派出去的不变，从下一次派单起按新的来。",
        "button": "保存",
        "back_url": back,
        "crumbs": [CRUMB, {"label": found.name, "url": back}, {"label": "部门"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)

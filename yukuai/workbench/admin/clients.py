"""接口客户: outside systems with a declared purpose, and the key that is shown once."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.actions import create_client, end_client
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import get_client, list_clients
from yukuai.cases.public import DECLARABLE
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    Question,
    ask_or_act,
    attempt,
    confirm,
    ends,
    looking,
    show_once,
    typed,
)
from yukuai.workbench.admin.paging import ascending
from yukuai.workbench.admin.places import PlaceSearch, area_of, search_place
from yukuai.workbench.fields import choice, line, words

P = Permission
CRUMB: dict[str, Any] = {"label": "接口客户", "url": reverse_lazy("work:clients")}
MAY_WRITE = [("read", "只读\n查诉求，跟进度。"), ("write", "读和写\n还能交诉求进来。")]


class ClientForm(AdminForm):
    name = line(
        "名称", "请填名称。", help="哪个单位的哪个系统，例如：12345 热线平台。最多 60 个字。"
    )
    purpose = words(
        "目的",
        "请填目的。",
        rows=2,
        help="为了什么用这些数据。每读一件都带着它留记录，本人看得到。最多 200 个字。",
    )
    contents = forms.MultipleChoiceField(
        label="要哪些内容",
        choices=list(DECLARABLE.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾，就只有单号、类别、地点、进度和时间。只勾目的用得上的。",
        error_messages={"invalid_choice": "请从列出的内容里选。"},
    )
    access = choice("读还是写", MAY_WRITE, "请选只读，还是读和写。")
    valid_to = DayField("用到哪天", required=False, help_text="含这一天；不填就一直到停用为止。")


@staff(P.CLIENT_MANAGE)
@require_safe
def clients(request: Any) -> HttpResponse:
    page = ascending(request, list_clients(request.actor), ("name", "pk"))
    context = {
        "page": page,
        "labels": DECLARABLE,
        "rows": [(c, [DECLARABLE.get(name, name) for name in c.fields]) for c in page.rows],
        "at": clock.now(),
        "crumbs": [{"label": "接口客户"}],
    }
    return TemplateResponse(request, "work/admin/clients/list.html", context)


@staff(P.CLIENT_MANAGE)
@never_cache
@ask_or_act
def new(request: Any) -> HttpResponse:
    """First where, in the address; then what for. The key is in the answer, and nowhere else."""
    with looking(request):
        mine = area_of(request.actor, P.CLIENT_MANAGE)
        search = search_place(request.actor, request.GET, within=mine)
    division, form = search.chosen, ClientForm(typed(request), initial={"access": "read"})
    if request.method == "POST" and division is not None:
        made = attempt(form, lambda: _create(request.actor, form, division.pk))
        if made is not None:
            client, key = made
            context = {"client": client, "key": key, "crumbs": [CRUMB, {"label": "密钥"}]}
            return show_once(request, "work/admin/clients/key.html", context)
    return _new_page(request, form, search)


@staff(P.CLIENT_MANAGE)
@ask_or_act
def end(request: Any, client_id: int) -> HttpResponse:
    with looking(request):
        client = get_client(request.actor, client_id=client_id)
    question = Question(
        title=f"停用{client}？",
        follows=(
            "停用后，它的密钥马上打不开任何接口，正在跑的调用会收到“没有登录”。",
            "它读过什么、交过什么，记录都留着。",
            "停用了不能恢复。要再用，重新建一个，换新密钥。",
        ),
        yes="停用",
        no="不停用",
        back_url=reverse("work:clients"),
        done=f"{client}已停用。",
        crumbs=[CRUMB, {"label": "停用"}],
    )
    return confirm(
        request,
        question,
        lambda reason: end_client(
            request.actor, client_id=client_id, reason=reason, at=clock.now()
        ),
    )


def _create(actor: Any, form: ClientForm, division_id: int) -> Any:
    said = form.cleaned_data
    return create_client(
        actor,
        name=said["name"],
        purpose=said["purpose"],
        division_id=division_id,
        may_write=said["access"] == "write",
        fields=said["contents"],
        valid_to=ends(said["valid_to"]),
        at=clock.now(),
    )


def _new_page(request: Any, form: ClientForm, search: PlaceSearch) -> HttpResponse:
    here = urlencode({"division": search.chosen.pk}) if search.chosen else ""
    context = {
        "form": form,
        "search": search,
        "title": "新建接口客户",
        "lead": "第一步选范围，第二步写目的。" if not search.chosen else f"范围：{search.place}。",
        "button": "建接口客户，出密钥",
        "no": "不建了",
        "here": here,
        "back_url": reverse("work:clients"),
        "crumbs": [CRUMB, {"label": "新建"}],
    }
    return TemplateResponse(request, "work/admin/clients/new.html", context, status=form.status)

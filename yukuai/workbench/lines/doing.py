"""The moves of a draft: a form that says what follows, and the move."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.boundaries import actions
from yukuai.boundaries.queries import get_draft
from yukuai.boundaries.states import LINE_WORKFLOW
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    ask_or_act,
    attempt,
    looking,
    typed,
)
from yukuai.workbench.fields import line, words
from yukuai.workbench.lines.grounds import said_grounds

P = Permission


class SubmitForm(AdminForm):
    basis = line("依据哪份文件", "写明依据哪份文件。", help="例如：渝民发〔2026〕12 号")
    effective = DayField("从哪天起生效", help_text="今天或以后。到那天由系统自动办理。")
    illustrative = forms.BooleanField(
        label="这是示意线，不是勘界成果",
        required=False,
        initial=True,
        help_text="地图上会标“示意”。",
    )
    upload = forms.FileField(
        label="文件的扫描件", required=False, help_text="PDF 或照片，可以不传。"
    )


class ReturnForm(AdminForm):
    reason = words("哪里要改", "写明哪里要改。", rows=3)


@dataclass(frozen=True)
class Deed:
    """The form of a move, what the page says, and the action."""

    form: type[AdminForm]
    done: str
    act: Callable[[Any, str, dict[str, Any]], object]


def _submit(actor: Any, number: str, said: dict[str, Any]) -> object:
    return actions.submit_draft(actor, number=number, at=clock.now(), **said)


def _return(actor: Any, number: str, said: dict[str, Any]) -> object:
    return actions.return_draft(actor, number=number, at=clock.now(), **said)


def _approve(actor: Any, number: str, _said: dict[str, Any]) -> object:
    return actions.approve_draft(actor, number=number, at=clock.now())


def _withdraw(actor: Any, number: str, _said: dict[str, Any]) -> object:
    return actions.withdraw_draft(actor, number=number, at=clock.now())


def _take_effect(actor: Any, number: str, _said: dict[str, Any]) -> object:
    return actions.put_in_effect_by_hand(actor, number=number, at=clock.now())


DEEDS = {
    "submit": Deed(SubmitForm, "交上去了，等上一级批准。", _submit),
    "approve": Deed(AdminForm, "批准了。日期已到的已经生效，没到的到那天自动生效。", _approve),
    "return": Deed(ReturnForm, "退回去了。", _return),
    "withdraw": Deed(AdminForm, "撤回了。现行的界线没有变。", _withdraw),
    "take_effect": Deed(AdminForm, "已经生效。", _take_effect),
}


@staff(P.BOUNDARY_DRAW)
@ask_or_act
def do(request: Any, number: str, name: str) -> HttpResponse:
    actor = request.actor
    with looking(request):
        draft = get_draft(actor, number=number)
        grounds = said_grounds(actor, draft)
    if name not in DEEDS:
        raise NotFound("没有这一步。请从这份草案的页面重新选。")
    deed, move = DEEDS[name], LINE_WORKFLOW.move(name)
    back = reverse("work:line", args=[draft.number])
    initial = {
        "basis": draft.basis,
        "effective": draft.effective or today(clock.now()),
        "illustrative": draft.illustrative,
    }
    form = deed.form(typed(request), request.FILES or None, initial=initial)
    if request.method == "POST":
        attempt(form, lambda: deed.act(actor, draft.number, form.cleaned_data))
        if not form.errors:
            messages.success(request, deed.done)
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "draft": draft,
        "grounds": grounds,
        "reviewed": name in ("submit", "approve", "take_effect"),
        "title": f"{move.label}：{draft.division.name}的{draft.layer_word}界线",
        "lead": move.does,
        "button": move.label,
        "no": "不办了",
        "back_url": back,
        "crumbs": [
            {"label": "画界线", "url": reverse("work:lines")},
            {"label": draft.number, "url": back},
            {"label": move.label},
        ],
    }
    return TemplateResponse(request, "work/lines/do.html", context, status=form.status)

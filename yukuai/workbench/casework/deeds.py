"""Everything that can be done with a matter, as a table: the form, the button, what is said then.

The moves of the workflow stand here under their own names; the others move nothing (a note, a
reminder), and say for themselves when they may be done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.states import CASE_WORKFLOW, OPEN, UNDISPATCHED, CaseState
from yukuai.exchange.queries.systems import list_reaching
from yukuai.flows.mediation import objection_to_mediation
from yukuai.workbench.casework import forms

if TYPE_CHECKING:
    from yukuai.cases.models import Case

P = Permission
FORM = "work/casework/forms/plain.html"
SPLIT = "work/casework/forms/split.html"


@dataclass(frozen=True)
class Deed:
    form: type[forms.DeedForm]
    button: str
    """Names the result: 派出, not 确定."""
    done: str
    danger: bool = False
    shows: str = ""
    """The move whose words stand above the form: the request that is decided here."""
    template: str = FORM
    then: tuple[str, ...] = ()
    """The moves whose form comes next: the first of them that is allowed."""
    instant: bool = False
    """Small enough for the panel of 今日."""


DEEDS: dict[str, Deed] = {
    "accept": Deed(forms.AcceptForm, "受理", "收下了，居民会收到通知。", instant=True),
    "reject": Deed(
        forms.RejectForm, "不受理，告诉居民", "没有受理，已告诉居民该找哪里。", danger=True
    ),
    "triage": Deed(
        forms.TriageForm,
        "定下来",
        "分流好了。",
        template="work/casework/forms/triage.html",
        then=("dispatch", "guide"),
        instant=True,
    ),
    "retriage": Deed(
        forms.RetriageForm, "改判", "改判好了。", template="work/casework/forms/triage.html"
    ),
    "guide": Deed(forms.GuideForm, "答复居民", "办法已经告诉居民。"),
    "dispatch": Deed(
        forms.DispatchForm, "派出", "派出去了。", template="work/casework/forms/dispatch.html"
    ),
    "sign": Deed(forms.SignForm, "签收", "签收了，从现在起由您单位负责。", instant=True),
    "request_return": Deed(forms.RequestReturnForm, "申请退单", "申请交上去了，等上级审核。"),
    "grant_return": Deed(
        forms.GrantReturnForm,
        "同意退单",
        "收回来了，请重新派。",
        shows="request_return",
        then=("dispatch",),
    ),
    "refuse_return": Deed(
        forms.RefuseReturnForm, "不同意退单", "没有同意，由原单位接着办。", shows="request_return"
    ),
    "object": Deed(
        forms.ObjectForm,
        "提出异议",
        "交上去了，等上一级裁决。裁决以前仍由您单位负责。",
        shows="refuse_return",
    ),
    "uphold": Deed(forms.UpholdForm, "维持派单", "裁决好了，由原单位接着办。", shows="object"),
    "redirect": Deed(
        forms.RedirectForm,
        "裁决改派",
        "裁决好了，已经改派。",
        shows="object",
        template="work/casework/forms/redirect.html",
    ),
    "ask_help": Deed(
        forms.AskHelpForm,
        "请他们会办",
        "已经请他们会办，您单位仍是牵头。",
        template="work/casework/forms/help.html",
    ),
    "give_help": Deed(forms.GiveHelpForm, "交给牵头单位", "意见交给牵头单位了。", shows="ask_help"),
    "withdraw_help": Deed(forms.WithdrawHelpForm, "不再等", "不再等这个部门了，他们会收到。"),
    "ask_extension": Deed(forms.AskExtensionForm, "申请延期", "申请交上去了，等上级来批。"),
    "grant_extension": Deed(
        forms.GrantExtensionForm,
        "同意延期",
        "期限顺延了，居民会收到通知。",
        shows="ask_extension",
        template="work/casework/forms/extension.html",
    ),
    "refuse_extension": Deed(
        forms.RefuseExtensionForm,
        "不同意延期",
        "没有同意，按原来的期限办。",
        shows="ask_extension",
        template="work/casework/forms/extension.html",
    ),
    "reply": Deed(
        forms.ReplyForm,
        "交核查",
        "答复交上去了，由另一个人核查。",
        template="work/casework/forms/reply.html",
    ),
    "split_at_desk": Deed(forms.SplitForm, "拆开", "拆开了，各办各的。", template=SPLIT),
    "split_at_unit": Deed(forms.SplitForm, "拆开", "拆开了，您单位牵头汇总答复。", template=SPLIT),
    "cancel_part": Deed(forms.CancelPartForm, "撤销分单", "这一份撤销了。", danger=True),
    "finish": Deed(
        forms.FinishForm,
        "核查通过，办完",
        "这一份办完了，牵头单位会收到。",
        shows="reply",
        instant=True,
    ),
    "review": Deed(
        forms.ReviewForm, "核查通过", "核查通过，可以去回访了。", shows="reply", instant=True
    ),
    "send_back": Deed(forms.SendBackForm, "退回重办", "退回了，由原单位接着办。", shows="reply"),
    "visit": Deed(forms.VisitForm, "记下回访", "回访记下了。", shows="reply"),
    "close": Deed(forms.CloseForm, "办结", "办结了，请居民评价。", instant=True),
    "merge": Deed(
        forms.MergeForm,
        "并入那一件",
        "并入了，反映的人会收到通知。单号照样能查，也可以再拆开。",
        template="work/casework/forms/merge.html",
    ),
    **dict.fromkeys(
        (move.name for move in CASE_WORKFLOW.moves_from(CaseState.MERGED)),
        Deed(forms.UnmergeForm, "拆开", "拆开了，回到并入以前的那一步。", shows="merge"),
    ),
    "note": Deed(forms.NoteForm, "记下来", "记下了。"),
    "send_outside": Deed(forms.SendOutsideForm, "送过去", "排上了，马上送。"),
    "supervise": Deed(forms.SuperviseForm, "督办", "督办发出去了，等对方回复。"),
    "answer_supervision": Deed(
        forms.AnswerSupervisionForm, "回复督办", "回复了。", shows="supervise"
    ),
    "to_mediation": Deed(forms.ToMediationForm, "转人民调解", "转好了，单号写在给居民的答复里。"),
    "relocate": Deed(
        forms.RelocateForm,
        "改到这里",
        "地点改好了，由那里接着办。",
        template="work/casework/forms/relocate.html",
    ),
}

PLACE = Deed(
    forms.PlaceForm,
    "定在这里",
    "地点定好了，由那里受理。",
    template="work/casework/forms/place.html",
)
"""The deed “relocate” of a matter that waits to be placed: the same act, other words."""

Objection = Callable[[Actor, "Case", bool], str]
"""Who, what, and whether a reminder waits for an answer; returns why not, or ''."""


@dataclass(frozen=True)
class Extra:
    """A deed that moves no state."""

    label: str
    icon: str
    does: str
    objection: Objection


def _note(actor: Actor, case: "Case", _supervised: bool) -> str:
    if not any(policy.check(actor, p, case) for p in (P.CASE_HANDLE, P.CASE_HELP, P.CASE_TRIAGE)):
        return "由承办单位、会办部门和社区来写办理记录。"
    return "" if case.state in OPEN else "已经办结，不能再加记录。"


def _supervise(actor: Actor, case: "Case", supervised: bool) -> str:
    verdict = policy.check(actor, P.CASE_SUPERVISE, case)
    if not verdict:
        return verdict.reason
    if case.state not in OPEN:
        return "已经办结，不用督办。"
    return "已经在督办，等对方回复。" if supervised else ""


def _answer_supervision(actor: Actor, case: "Case", supervised: bool) -> str:
    permission = P.CASE_HANDLE if case.unit_id is not None else P.CASE_TRIAGE
    if not supervised:
        return "没有等您回复的督办。"
    return policy.check(actor, permission, case).reason


def _relocate(actor: Actor, case: "Case", _supervised: bool) -> str:
    verdict = policy.check(actor, P.CASE_TRIAGE, case)
    if not verdict:
        return verdict.reason
    movable = case.state in UNDISPATCHED | {CaseState.REOPENED}
    return "" if movable else "派单以后不能改地点。请承办单位申请退单，再改。"


def deed_of(name: str, case: "Case") -> Deed:
    return PLACE if name == "relocate" and case.to_place else DEEDS[name]


def extra_of(name: str, case: "Case") -> Extra:
    return PLACING if name == "relocate" and case.to_place else EXTRAS[name]


PLACING = Extra("定位", "place", "看坐标和地址，选它在哪个村或社区。", _relocate)


def _send_outside(actor: Actor, case: "Case", _supervised: bool) -> str:
    if not any(policy.check(actor, p, case) for p in (P.CASE_DISPATCH, P.CASE_HANDLE)):
        return "由派单的和承办的单位来送。"
    if case.state not in OPEN:
        return "已经办结，不用再送。"
    if not list_reaching(actor, area=case.area).exists():
        return "这里还没有接外部系统。要接，请街道管外部系统的人来办。"
    return ""


def _to_mediation(actor: Actor, case: "Case", _supervised: bool) -> str:
    return objection_to_mediation(actor, case)


def _cancel_part(actor: Actor, case: "Case", _supervised: bool) -> str:
    """On the page of the main matter: its lead decides, wherever the parts lie."""
    if case.is_part:
        return "在主单里撤销。"
    if not any(policy.check(actor, p, case) for p in (P.CASE_HANDLE, P.CASE_DISPATCH)):
        return "由牵头单位，或者派单的社区、街道来撤销分单。"
    return "" if case.count_parts_waiting() else "没有还没签收的分单。"


EXTRAS: dict[str, Extra] = {
    "note": Extra("写办理记录", "doc", "记下做了什么，可以让居民看到。", _note),
    "answer_supervision": Extra(
        "回复督办", "bell", "说明办到哪一步、什么时候办完。", _answer_supervision
    ),
    "supervise": Extra("督办", "bell", "提醒有责任的单位，限时回复。", _supervise),
    "send_outside": Extra(
        "送外部系统", "go", "请综治、群工、渝快办、12345 一起办，单号不变。", _send_outside
    ),
    "to_mediation": Extra(
        "转调解", "law", "邻里、家庭纠纷，他同意的，转人民调解。这件事就此答复。", _to_mediation
    ),
    "cancel_part": Extra("撤销分单", "close", "撤掉一份还没有人签收的分单。", _cancel_part),
    "relocate": Extra("改地点", "place", "事情不在这个社区，换到对的社区去办。", _relocate),
}

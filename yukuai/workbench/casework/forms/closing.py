"""A second person's word: review, follow-up, close."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms

from yukuai.cases import actions
from yukuai.cases.actions.closing import Answers
from yukuai.cases.states import Solved
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import choice, words

if TYPE_CHECKING:
    pass

YES_NO = [("yes", "是"), ("no", "否")]


class ReviewForm(DeedForm):
    words = words(
        "核查情况", required=False, rows=3, help="怎么核查的、看到什么。居民看不到这一段。"
    )

    def act(self, *, at: datetime) -> object:
        return actions.review_case(
            self.actor, case_id=self.case.pk, words=self.cleaned_data["words"], at=at
        )


class SendBackForm(DeedForm):
    reason = words("还差什么", "写明还差什么，承办单位好接着办。")

    def act(self, *, at: datetime) -> object:
        return actions.send_back(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class VisitForm(DeedForm):
    layouts = dict.fromkeys(("reached", "channel", "contacted", "solved", "satisfied"), "row")
    channel = choice("怎么回访的", [("phone", "打电话"), ("home", "上门"), ("other", "别的办法")])
    reached = choice(
        "问到了吗", [("yes", "问到了"), ("no", "没联系上")], "选问到了，还是没联系上。"
    )
    contacted = choice("承办单位联系过他吗", YES_NO, required=False)
    solved = choice("解决了吗", Solved.choices, required=False)
    satisfied = choice("满意吗", [("yes", "满意"), ("no", "不满意")], required=False)
    words = words("他还说了什么", required=False, rows=3)
    close = forms.BooleanField(label="同时办结，请他评价", required=False, initial=True)

    def prepare(self) -> None:
        self.propose(channel="phone")

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        answers = Answers(
            contacted={"yes": True, "no": False}.get(said["contacted"]),
            solved=said["solved"],
            satisfied={"yes": True, "no": False}.get(said["satisfied"]),
            words=said["words"],
        )
        return actions.record_visit(
            self.actor,
            case_id=self.case.pk,
            reached=said["reached"] == "yes",
            answers=answers,
            channel=said["channel"],
            close=said["close"],
            at=at,
        )


class CloseForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.close_case(self.actor, case_id=self.case.pk, at=at)

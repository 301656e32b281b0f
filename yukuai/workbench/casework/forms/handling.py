"""What the unit does, and what is decided for it: sign, return, reply, notes, supervision."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms

from yukuai.cases import actions
from yukuai.cases.followers import count_followers
from yukuai.cases.parts import list_parts
from yukuai.cases.states import Outcome
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import FilesField, choice, words

if TYPE_CHECKING:
    pass


class SignForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.sign_case(self.actor, case_id=self.case.pk, at=at)


class RequestReturnForm(DeedForm):
    reason = words("理由", "写明为什么不归您单位管，该归谁。", help="写清该归谁，上级好重新派。")

    def act(self, *, at: datetime) -> object:
        return actions.request_return(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class GrantReturnForm(DeedForm):
    reason = words("意见", required=False, rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_return(
            self.actor, case_id=self.case.pk, granted=True, reason=reason, at=at
        )


class RefuseReturnForm(DeedForm):
    reason = words("为什么不同意", "写明为什么不同意。", rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_return(
            self.actor, case_id=self.case.pk, granted=False, reason=reason, at=at
        )


class ReplyForm(DeedForm):
    """Over a split matter the answers of its parts stand beside it, and make its draft."""

    layouts = {"outcome": "row"}
    outcome = choice("办理结果", Outcome.choices, "选一个办理结果。")
    answer = words(
        "给居民的答复", "写明给居民的答复。", rows=6, help="居民会原样看到。写办了什么、结果怎样。"
    )
    photos = FilesField(label="办理后的照片", required=False)

    def prepare(self) -> None:
        others = count_followers(self.actor, case_ids=[self.case.pk]).get(self.case.pk, 0)
        if others:
            self.fields[
                "answer"
            ].help_text = (
                f"居民会原样看到；另有 {others} 人也遇到，同样看得到。不要写姓名、电话、门牌。"
            )
        self.parts = list_parts(self.actor, case=self.case) if self.case.may_have_parts else []
        answers = [part.answer for part in self.parts if part.answer]
        if len(answers) > 1:
            answers = [f"{place}. {answer}" for place, answer in enumerate(answers, 1)]
        self.propose(answer="\n".join(answers))

    def act(self, *, at: datetime) -> object:
        return actions.reply_case(
            self.actor,
            case_id=self.case.pk,
            answer=self.cleaned_data["answer"],
            outcome=self.cleaned_data["outcome"],
            photos=self.cleaned_data["photos"],
            at=at,
        )


class NoteForm(DeedForm):
    words = words("做了什么", "写明做了什么。")
    public = forms.BooleanField(label="让居民也看到这一段", required=False)

    def act(self, *, at: datetime) -> object:
        return actions.add_note(
            self.actor,
            case_id=self.case.pk,
            words=self.cleaned_data["words"],
            public=self.cleaned_data["public"],
            at=at,
        )


class SuperviseForm(DeedForm):
    reason = words("督办什么", "写明督办什么。", help="只提醒承办单位，不排名，不通报个人。")

    def act(self, *, at: datetime) -> object:
        return actions.supervise_case(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class AnswerSupervisionForm(DeedForm):
    answer = words("回复", "写明现在办到哪一步、什么时候办完。")

    def act(self, *, at: datetime) -> object:
        return actions.answer_supervision(
            self.actor, case_id=self.case.pk, answer=self.cleaned_data["answer"], at=at
        )

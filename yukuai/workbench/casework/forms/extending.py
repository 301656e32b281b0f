"""延期: how many days and why; who decides sees what was asked before, and writes what is told."""

from datetime import datetime

from django import forms

from yukuai.cases import actions
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import words
from yukuai.workflow.queries import list_changes

EXTENSION_MOVES = ("ask_extension", "grant_extension", "refuse_extension")


def _days() -> forms.IntegerField:
    said = {"required": "写还要几个工作日，例如 5。", "invalid": "这里填数字，例如 5。"}
    return forms.IntegerField(label="还要几个工作日", error_messages=said)


class AskExtensionForm(DeedForm):
    working_days = _days()
    reason = words(
        "理由", "写明为什么要延期。", rows=3, help="批了以后居民会看到，请用平常的话写。"
    )

    def act(self, *, at: datetime) -> object:
        return actions.ask_extension(
            self.actor,
            case_id=self.case.pk,
            working_days=self.cleaned_data["working_days"],
            reason=self.cleaned_data["reason"],
            at=at,
        )


class DecideExtensionForm(DeedForm):
    """`history`: every extension that was asked for before this one, and what was decided."""

    def prepare(self) -> None:
        rows = list_changes(self.actor, obj=self.case).filter(move__in=EXTENSION_MOVES)
        self.asked = rows.first()
        self.history = list(rows[1:])


class GrantExtensionForm(DecideExtensionForm):
    working_days = _days()
    told = words(
        "告诉居民的原因", required=False, rows=2, help="居民会原样看到，后面接着写新的期限。"
    )
    reason = words("意见", required=False, rows=2, help="只给单位看。")

    def prepare(self) -> None:
        super().prepare()
        if self.asked is not None:
            days = self.asked.data.get("working_days")
            self.propose(working_days=days, told=self.asked.reason)

    def act(self, *, at: datetime) -> object:
        return actions.decide_extension(
            self.actor,
            case_id=self.case.pk,
            granted=True,
            working_days=self.cleaned_data["working_days"],
            told=self.cleaned_data["told"],
            reason=self.cleaned_data["reason"],
            at=at,
        )


class RefuseExtensionForm(DecideExtensionForm):
    reason = words("为什么不同意", "写明为什么不同意。", rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_extension(
            self.actor, case_id=self.case.pk, granted=False, reason=reason, at=at
        )

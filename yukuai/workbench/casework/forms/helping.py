"""会办: whom to ask, what they say, and not to wait any longer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from yukuai.accounts.queries import list_departments
from yukuai.cases import actions
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import number, select, words


@dataclass(frozen=True)
class Level:
    name: str
    boxes: list[Any]
    is_open: bool


class AskHelpForm(DeedForm):
    departments = forms.TypedMultipleChoiceField(
        label="请哪些部门",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个部门。", "invalid_choice": "重新选部门。"},
    )
    question = words("请他们做什么", "写明请他们做什么。", rows=3)

    def prepare(self) -> None:
        found = sorted(
            list_departments(self.actor, area=self.case.area),
            key=lambda one: -one.area.count("."),  # the nearest level first
        )
        self.groups: dict[str, list[tuple[str, str]]] = {}
        for one in found:
            if one.pk != self.case.unit_department_id and not self.case.asks(one.pk):
                self.groups.setdefault(one.division.name, []).append((str(one.pk), one.name))
        field = self.fields["departments"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = list(self.groups.items())

    @property
    def levels(self) -> list[Level]:
        """The boxes level by level; the nearest stands open, and whatever was ticked."""
        boxes = {str(one.data["value"]): one for one in self["departments"].subwidgets}
        levels = []
        for place, (name, offices) in enumerate(self.groups.items()):
            own = [boxes[key] for key, _label in offices]
            ticked = any(box.data["selected"] for box in own)
            levels.append(Level(name, own, is_open=place == 0 or ticked))
        return levels

    def act(self, *, at: datetime) -> object:
        return actions.ask_help(
            self.actor,
            case_id=self.case.pk,
            department_ids=self.cleaned_data["departments"],
            question=self.cleaned_data["question"],
            at=at,
        )


class GiveHelpForm(DeedForm):
    opinion = words("会办意见", "写明会办意见。", rows=6)

    def act(self, *, at: datetime) -> object:
        return actions.give_help(
            self.actor, case_id=self.case.pk, opinion=self.cleaned_data["opinion"], at=at
        )


class WithdrawHelpForm(DeedForm):
    department = select("不再等哪个部门", [], "选一个还没写意见的部门。", required=False)
    reason = words("为什么不再等", "写明为什么不再等。", rows=3, help="这个部门会收到。")

    def prepare(self) -> None:
        waiting = [one for one in self.case.list_helpers() if one.is_open]
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.department_id), one.department.name) for one in waiting]

    def act(self, *, at: datetime) -> object:
        return actions.withdraw_help(
            self.actor,
            case_id=self.case.pk,
            department_id=number(self.cleaned_data["department"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )

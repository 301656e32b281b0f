"""并入另一件, 拆开: which one is chosen among the likely ones, or by its number."""

from datetime import datetime
from typing import Any

from django import forms

from yukuai.cases import actions
from yukuai.cases.neighbours import list_similar
from yukuai.cases.queries import get_case_by_number
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import choice, line, words

CHOOSE = "选并入哪一件，或者填它的单号。"
NOT_FOUND = "没有这个单号，或者不在您的范围。"


class MergeForm(DeedForm):
    into = choice("并入哪一件", [], CHOOSE, required=False)
    number = line("或者填另一件的单号", required=False)
    reason = words("为什么是同一件事", "写明为什么是同一件事。", rows=3)

    def prepare(self) -> None:
        """The likely ones, each with the reason; the one it was opened from is chosen."""
        found = list_similar(self.actor, case=self.case, at=clock.now())
        if not found:
            del self.fields["into"]
            self.fields["number"].label = "另一件的单号"
            return
        field = self.fields["into"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.case.number, _option(one)) for one in found]
        chosen = next((s for s in found if s.case.number == self.initial.get("into")), None)
        if chosen is not None:
            self.propose(reason=f"{chosen.why}。")

    def clean(self) -> dict[str, Any]:
        """Runs in the reading that judges the form: the number becomes the matter."""
        said: dict[str, Any] = super().clean() or {}
        typed = said.get("number") or said.get("into") or ""
        field = "number" if said.get("number") or "into" not in self.fields else "into"
        if not typed:
            self.add_error(field, CHOOSE)
            return said
        try:
            said["main"] = get_case_by_number(self.actor, number=typed)
        except NotFound:
            self.add_error(field, NOT_FOUND)
        return said

    def act(self, *, at: datetime) -> object:
        return actions.merge_case(
            self.actor,
            case_id=self.case.pk,
            into_id=self.cleaned_data["main"].pk,
            reason=self.cleaned_data["reason"],
            at=at,
        )


def _option(one: Any) -> str:
    return f"{one.case.title}\n{one.case.number} · {one.case.get_state_display()} · {one.why}"


class UnmergeForm(DeedForm):
    reason = words("为什么不是同一件事", "写明为什么不是同一件事。", rows=3)

    def act(self, *, at: datetime) -> object:
        return actions.unmerge_case(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )

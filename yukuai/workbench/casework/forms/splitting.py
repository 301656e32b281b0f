"""拆单: up to six parts on one form that needs no scripts, and taking one of them back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from yukuai.accounts import policy
from yukuai.accounts.policy import Permission
from yukuai.cases import actions
from yukuai.cases.actions.parts import Share
from yukuai.cases.parts import list_parts
from yukuai.cases.states import Triage
from yukuai.cases.targets import flatten, list_targets, parse_key
from yukuai.kernel import clock
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import choice, select, words

TRIAGES = [(Triage.MAJOR.value, "大事"), (Triage.MINOR.value, "小事")]
LATER = ("", "先不派，分出来以后再派")


@dataclass(frozen=True)
class Slip:
    """The fields of one part, as they stand in the form."""

    place: int
    bounds: tuple[Any, ...]
    is_needed: bool

    @property
    def is_open(self) -> bool:
        return self.is_needed or any(bound.errors or bound.value() for bound in self.bounds)


class SplitForm(DeedForm):
    """A part whose words are empty is no part."""

    def prepare(self) -> None:
        self.least, self.most = self.case.parts_allowed()
        self.may_send = bool(policy.check(self.actor, Permission.CASE_DISPATCH, self.case))
        units = self._units() if self.may_send else []
        for place in self.places:
            self.fields[f"body_{place}"] = words("办什么", rows=2, required=False)
            self.fields[f"triage_{place}"] = choice("归哪一类", TRIAGES, required=False)
            if self.may_send:
                self.fields[f"unit_{place}"] = select("派给谁", units, required=False)
        self.layouts = {name: "row" for name in self.fields if name.startswith("triage")}

    @property
    def places(self) -> range:
        return range(1, self.most + 1)

    def _units(self) -> list[Any]:
        """By level, the nearest first; who may not have it is not offered."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for target in flatten(list_targets(self.actor, case=self.case, at=clock.now())):
            if not target.why or target.kind == "community":
                level = "社区" if target.kind == "community" else "单位"
                groups.setdefault(level, []).append((target.key, target.name))
        return [LATER, *groups.items()]

    @property
    def slips(self) -> list[Slip]:
        names = ("body", "triage", "unit") if self.may_send else ("body", "triage")
        return [
            Slip(place, tuple(self[f"{name}_{place}"] for name in names), place <= self.least)
            for place in self.places
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for place in self._written(said):
            if not said.get(f"triage_{place}"):
                self.add_error(f"triage_{place}", "选大事还是小事。")
        for place in range(1, self.least + 1):
            if not str(said.get(f"body_{place}", "")).strip():
                self.add_error(f"body_{place}", "写明这一份办什么。")
        return said

    def _written(self, said: dict[str, Any]) -> list[int]:
        return [place for place in self.places if str(said.get(f"body_{place}") or "").strip()]

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        shares = []
        for place in self._written(said):
            key = said.get(f"unit_{place}") or ""
            unit_id, department_id = parse_key(key) if key else (None, None)
            body, triage = said[f"body_{place}"], said[f"triage_{place}"]
            shares.append(Share(body, triage, unit_id, department_id))
        return actions.split_case(self.actor, case_id=self.case.pk, shares=shares, at=at)


class CancelPartForm(DeedForm):
    part = choice("撤销哪一份", [], "选一份还没有人签收的分单。")
    reason = words("为什么撤销", "写明为什么撤销这一份。", rows=3, help="已经派到的单位会收到。")

    def prepare(self) -> None:
        parts = list_parts(self.actor, case=self.case)
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(part.id), f"{part.number} {part.title}\n{part.unit or '还没有派'}")
            for part in parts
            if part.may_cancel
        ]

    def act(self, *, at: datetime) -> object:
        return actions.cancel_part(
            self.actor,
            case_id=self.case.pk,
            part_id=int(self.cleaned_data["part"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )


class FinishForm(DeedForm):
    words = words("核查情况", required=False, rows=3, help="怎么核查的、看到什么。")

    def act(self, *, at: datetime) -> object:
        return actions.finish_part(
            self.actor, case_id=self.case.pk, words=self.cleaned_data["words"], at=at
        )

"""From receipt to dispatch: accept, turn away, triage, guide, dispatch, relocate."""

from datetime import datetime
from typing import TYPE_CHECKING

from django import forms

from yukuai.cases import actions
from yukuai.cases.advice import advice_sentence, advise_triage
from yukuai.cases.queries import known_categories
from yukuai.cases.rejections import REJECTIONS
from yukuai.cases.states import Triage
from yukuai.cases.targets import draft_opinion, parse_key
from yukuai.divisions.queries import Found, find_divisions
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import choice, line, number, select, tidy, words

if TYPE_CHECKING:
    pass

TRIAGES = [
    (Triage.MAJOR.value, "大事\n政府办"),
    (Triage.MINOR.value, "小事\n社区办"),
    (Triage.PRIVATE.value, "私事\n帮引路"),
]
DIVISIONS_SHOWN = 12


class AcceptForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.accept_case(self.actor, case_id=self.case.pk, at=at)


class RejectForm(DeedForm):
    reason = choice(
        "为什么不受理",
        [(code, f"{ground.label}\n{ground.channel}") for code, ground in REJECTIONS.items()],
        "选一个不受理的理由。",
    )
    channel = words(
        "告诉居民该找哪里",
        rows=3,
        required=False,
        help="不写，就用所选理由下面的那一句。能写清单位、电话、地址最好。",
    )

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        channel = self.cleaned_data["channel"] or REJECTIONS[reason].channel
        return actions.reject_case(
            self.actor, case_id=self.case.pk, reason=reason, channel=channel, at=at
        )


class TriageForm(DeedForm):
    triage = choice("归哪一类？", TRIAGES, "先选大事、小事还是私事。")
    category = select("事项类别", [], "重新选一类，或者不选。", required=False)

    def prepare(self) -> None:
        self.advice = advise_triage(self.actor, case=self.case)
        self.advice_said = advice_sentence(self.advice)
        options = [(str(c.pk), c.name) for c in known_categories(self.actor)]
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "还没定"), *options]
        self.propose(triage=self.advice.triage, category=self.advice.category_id)

    @property
    def picks(self) -> list[tuple[str, str, str]]:
        """Each radio button with its word and the few words below it."""
        options = self["triage"].subwidgets
        return [(one.tag(), *str(one.choice_label).split("\n")) for one in options]  # type: ignore[misc]

    def act(self, *, at: datetime) -> object:
        return actions.triage_case(
            self.actor,
            case_id=self.case.pk,
            triage=self.cleaned_data["triage"],
            category_id=number(self.cleaned_data["category"]),
            suggestion=self.advice_said,
            at=at,
        )


class RetriageForm(TriageForm):
    reason = words("为什么改判", "写明为什么改判。", rows=3)

    def prepare(self) -> None:
        super().prepare()
        self.propose(triage=self.case.triage, category=self.case.category_id)

    def act(self, *, at: datetime) -> object:
        return actions.retriage_case(
            self.actor,
            case_id=self.case.pk,
            triage=self.cleaned_data["triage"],
            category_id=number(self.cleaned_data["category"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )


class GuideForm(DeedForm):
    answer = words("给居民的办法", "写明给居民的办法，才能答复。", rows=7)

    def act(self, *, at: datetime) -> object:
        return actions.guide_case(
            self.actor, case_id=self.case.pk, answer=self.cleaned_data["answer"], at=at
        )


class DispatchForm(DeedForm):
    """The unit is chosen in the tree beside it (`dispatching`)."""

    unit = line("派给谁", "选一个单位。")
    opinion = words("交办意见", rows=3, required=False)

    def prepare(self) -> None:
        self.propose(opinion=draft_opinion(self.case))

    def act(self, *, at: datetime) -> object:
        unit_id, department_id = parse_key(self.cleaned_data["unit"])
        return actions.dispatch_case(
            self.actor,
            case_id=self.case.pk,
            unit_id=unit_id,
            department_id=department_id,
            opinion=self.cleaned_data["opinion"],
            at=at,
        )


class RelocateForm(DeedForm):
    """`q` finds the community; a GET of the same page fills the list."""

    division = select("改到哪个社区", [], "请选一个村或社区。")
    reason = words("为什么改地点", "写明为什么改地点。", rows=3)

    def prepare(self) -> None:
        self.q = tidy(self.data.get("q") or self.initial.get("q"))
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = forms.RadioSelect()
        field.choices = [(str(hit.id), f"{hit.name}\n{hit.place}") for hit in self.found()]

    def found(self) -> list[Found]:
        return find_divisions(self.actor, text=self.q, kinds=["community"], limit=DIVISIONS_SHOWN)

    def act(self, *, at: datetime) -> object:
        return actions.relocate_case(
            self.actor,
            case_id=self.case.pk,
            division_id=int(self.cleaned_data["division"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )


class PlaceForm(RelocateForm):
    """For a matter at a district's door: its own communities first, then the whole city's."""

    division = select("在哪个社区", [], "请选一个村或社区。")
    reason = words("怎么认出来的", rows=2, required=False)

    def found(self) -> list[Found]:
        near = find_divisions(
            self.actor,
            text=self.q,
            kinds=["community"],
            within=self.case.area,
            limit=DIVISIONS_SHOWN,
        )
        return near or super().found()

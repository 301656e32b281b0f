"""The small form of each move of a dispute. What may not be is said by the action."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from yukuai.disputes import actions
from yukuai.disputes.actions.agreeing import Promised
from yukuai.disputes.queries import (
    list_candidates,
    list_items,
    list_kinds,
    list_parties,
    look_inside,
    opened,
    party_line,
)
from yukuai.disputes.states import AgreementForm, Channel, Confirmation, Outcome
from yukuai.kernel import clock
from yukuai.kernel.clock import SHANGHAI
from yukuai.workbench.casework.forms import DeedForm
from yukuai.workbench.fields import choice, line, number, words

ITEMS = 4
NOT_A_DAY = "选一个日子，例如 2026-03-02。"
NOT_A_TIME = "写几点几分，例如 14:30。"


def day(label: str, *, required: bool = True, help: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": NOT_A_DAY, "invalid": NOT_A_DAY},
    )


def hour(label: str, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": NOT_A_TIME, "invalid": NOT_A_TIME},
    )


class DisputeForm(DeedForm):
    """`case` of the forms it is one of is the dispute here."""

    @property
    def dispute(self) -> Any:
        return self.case

    def choose(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(options)

    def choose_party(self, name: str) -> None:
        with opened(self.actor, self.dispute) as bearer:
            lines = [party_line(one) for one in list_parties(bearer, dispute=self.dispute)]
        self.choose(name, [(str(one.id), f"{one.name}\n{one.side}") for one in lines])

    @property
    def known(self) -> dict[str, Any]:
        return {"dispute_id": self.dispute.pk}


class AssignForm(DisputeForm):
    mediator = choice("交给哪位调解员", [], "选一位调解员。")

    def prepare(self) -> None:
        found = list_candidates(self.actor, dispute=self.dispute)
        kinds = {kind.code: kind.name for kind in list_kinds(self.actor)}
        self.choose("mediator", [(str(one.pk), _candidate(one, kinds)) for one in found])

    def act(self, *, at: datetime) -> object:
        mediator_id = number(self.cleaned_data["mediator"]) or 0
        return actions.assign_mediator(self.actor, **self.known, mediator_id=mediator_id, at=at)


def _candidate(mediator: Any, kinds: dict[str, str]) -> str:
    known = "、".join(kinds[code] for code in mediator.specialties if code in kinds)
    return f"{mediator.name}\n{mediator.division.name}{f' · 擅长{known}' if known else ''}"


class ReassignForm(AssignForm):
    reason = words("为什么换人", "写明为什么换人。", rows=3, help="只有调解员和司法所看得到。")

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        return actions.reassign_mediator(
            self.actor,
            **self.known,
            mediator_id=number(said["mediator"]) or 0,
            reason=said["reason"],
            at=at,
        )


class RecuseForm(DisputeForm):
    reason = words("为什么回避", "写明为什么回避，司法所好另派。", rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.recuse(self.actor, **self.known, reason=reason, at=at)


class RefusalForm(DisputeForm):
    layouts = {"party": "row"}
    party = choice("是哪一方说的", [], "选是哪一方说的。")
    reason = words("他说的理由", required=False, rows=3, help="他可以不说。")

    def prepare(self) -> None:
        self.choose_party("party")

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        party_id = number(said["party"]) or 0
        return actions.record_refusal(
            self.actor, **self.known, party_id=party_id, reason=said["reason"], at=at
        )


class WithdrawalForm(RefusalForm):
    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        party_id = number(said["party"]) or 0
        return actions.record_withdrawal(
            self.actor, **self.known, party_id=party_id, reason=said["reason"], at=at
        )


class InvestigateForm(DisputeForm):
    def act(self, *, at: datetime) -> object:
        return actions.investigate(self.actor, **self.known, at=at)


class InquireForm(DisputeForm):
    words = words("调查情况", "写明问了谁、看到什么。", rows=6)

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data["words"]
        return actions.note_inquiry(self.actor, **self.known, words=said, at=at)


class DateForm(DisputeForm):
    next_on = day("哪一天")
    next_hour = hour("几点")
    place = line("在哪里", "写明在哪里调解。", help="例如：社区调解室。双方会在短信里看到。")

    def prepare(self) -> None:
        if self.dispute.next_at is not None:
            local = self.dispute.next_at.astimezone(SHANGHAI)
            self.propose(
                next_on=local.date(), next_hour=local.time(), place=self.dispute.next_place
            )

    def when(self) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said["next_on"], said["next_hour"], SHANGHAI)


class MediateForm(DateForm):
    def act(self, *, at: datetime) -> object:
        place = self.cleaned_data["place"]
        return actions.open_mediation(
            self.actor, **self.known, next_at=self.when(), place=place, at=at
        )


class ChangeDateForm(DateForm):
    def act(self, *, at: datetime) -> object:
        place = self.cleaned_data["place"]
        return actions.change_date(
            self.actor, **self.known, next_at=self.when(), place=place, at=at
        )


class SessionForm(DisputeForm):
    held_on = day("哪一天调解的")
    held_at = line("在哪里", required=False)
    present = forms.MultipleChoiceField(
        label="当事人谁来了",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "勾上来了的当事人。", "invalid_choice": "重新勾一次。"},
    )
    others = line("还有谁在场", required=False, help="亲属、邻居、见证人，写称呼就行。")
    record = words("怎么谈的", "写明怎么谈的。", rows=7, help="会印在调解记录上，请在场的人看过。")
    next_on = day("没谈完，下次哪一天", required=False)
    next_hour = hour("几点", required=False)

    def prepare(self) -> None:
        self.choose_party("present")
        if self.dispute.next_at is not None:
            agreed = clock.today(self.dispute.next_at)
            held_on = min(agreed, clock.today(clock.now()))
            self.propose(held_on=held_on, held_at=self.dispute.next_place)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if bool(said.get("next_on")) != bool(said.get("next_hour")):
            self.add_error("next_hour", "下次调解要写哪一天、几点；谈完了就都不写。")
        return said

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        later = bool(said["next_on"])
        return actions.hold_session(
            self.actor,
            **self.known,
            held_on=said["held_on"],
            record=said["record"],
            present=[number(one) or 0 for one in said["present"]],
            others=said["others"],
            held_at=said["held_at"],
            next_at=datetime.combine(said["next_on"], said["next_hour"], SHANGHAI)
            if later
            else None,
            at=at,
        )


class AgreeForm(DisputeForm):
    layouts = {"form": "row"}
    form = choice("书面还是口头", AgreementForm.choices, "选书面还是口头。")
    facts = words("主要事实和争的是什么", "写明主要事实和争的是什么。", rows=4)
    terms = words("协议内容", "写明协议内容。", rows=5, help="写清谁、做什么、多少钱。")

    def prepare(self) -> None:
        known = look_inside(self.actor, dispute=self.dispute).particulars
        self.propose(form=AgreementForm.WRITTEN.value, facts=known.about)
        for place in range(1, ITEMS + 1):
            self.fields[f"what_{place}"] = line(f"要履行的第 {place} 项", required=False)
            self.fields[f"due_{place}"] = day(f"第 {place} 项哪天前", required=False)

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        items = [
            Promised(said[f"what_{place}"], said[f"due_{place}"]) for place in range(1, ITEMS + 1)
        ]
        return actions.agree(
            self.actor,
            **self.known,
            form=said["form"],
            facts=said["facts"],
            terms=said["terms"],
            items=items,
            at=at,
        )


class EffectForm(DisputeForm):
    def prepare(self) -> None:
        if self.dispute.agreement_form == AgreementForm.WRITTEN:
            self.fields["signed_on"] = day(
                "哪天签完字、盖好章的", help="从这天起生效；三十天内双方可以一起申请司法确认。"
            )

    def act(self, *, at: datetime) -> object:
        day_signed = self.cleaned_data.get("signed_on")
        return actions.take_effect(self.actor, **self.known, signed_on=day_signed, at=at)


class ConfirmationForm(DisputeForm):
    result = choice("怎么样了", Confirmation.choices, "选申请了，还是都说不用。")

    def act(self, *, at: datetime) -> object:
        result = self.cleaned_data["result"]
        return actions.note_confirmation(self.actor, **self.known, result=result, at=at)


class VisitForm(DisputeForm):
    def prepare(self) -> None:
        with opened(self.actor, self.dispute) as bearer:
            self.waiting = [
                one for one in list_items(bearer, dispute=self.dispute) if one.done_on is None
            ]
        for one in self.waiting:
            self.fields[f"done_{one.pk}"] = day(f"{one.what}：哪天履行的", required=False)
        self.fields["outcome"] = choice(
            "总的怎么样", [("", "还要再看"), *Outcome.choices], required=False
        )
        self.fields["words"] = words("双方怎么说", required=False, rows=3)

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        days = {one.pk: said[f"done_{one.pk}"] for one in self.waiting}
        return actions.visit_fulfilment(
            self.actor,
            **self.known,
            done={pk: on for pk, on in days.items() if on is not None},
            outcome=said["outcome"],
            words=said["words"],
            at=at,
        )


class FailForm(DisputeForm):
    reason = words("为什么没谈成", required=False, rows=3, help="只有调解员和司法所看得到。")

    def prepare(self) -> None:
        for channel in Channel:
            self.fields[channel.value] = line(
                f"{channel.label}：找哪里", required=False, help="写单位和地址；不适用就不写。"
            )

    def act(self, *, at: datetime) -> object:
        ways = {channel.value: self.cleaned_data[channel.value] for channel in Channel}
        reason = self.cleaned_data["reason"]
        return actions.fail_mediation(self.actor, **self.known, ways=ways, reason=reason, at=at)


class ArchiveForm(DisputeForm):
    def act(self, *, at: datetime) -> object:
        return actions.archive_dispute(self.actor, **self.known, at=at)

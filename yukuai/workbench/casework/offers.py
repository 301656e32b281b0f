"""What this officer can do now with a matter, and why not the rest: the buttons of the page."""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor
from yukuai.cases.states import (
    CASE_WORKFLOW,
    UNDISPATCHED,
    UNMERGE,
    UNSIGNED,
    CaseState,
    Outcome,
    Triage,
)
from yukuai.kernel.errors import Conflict, DomainError, NotFound, NotPermitted
from yukuai.workbench.casework.deeds import DEEDS, EXTRAS, extra_of
from yukuai.workflow.queries import Offer, list_offers

if TYPE_CHECKING:
    from yukuai.cases.models import Case

S = CaseState
TO_BE_WRITTEN = "…"
NEAR = 3
"""So many refused acts stand beside the allowed ones; the rest is folded, but there."""
FORWARD = (
    "accept",
    "triage",
    "guide",
    "dispatch",
    "sign",
    "give_help",
    "uphold",
    "grant_return",
    "grant_extension",
    "answer_supervision",
    "reply",
    "review",
    "finish",
    "visit",
    "close",
    "relocate",
)
"""What carries a matter on: the first of these that is allowed is the filled button."""

OF_MAIN = frozenset({"split_at_desk", "split_at_unit", "review", "visit", "close", "cancel_part"})
"""What is done with a whole matter and never with a part of it."""

WAYS_OUT = frozenset(move.name for move in CASE_WORKFLOW.moves_from(S.MERGED))
AWAITED = frozenset({"reply", "review", "visit", "close", "ask_extension"})
"""What an officer looks for before its time has come."""


@dataclass(frozen=True)
class Act:
    """One button with its sentence, as parts/act.html takes it."""

    name: str
    label: str
    icon: str
    url: str
    allowed: bool
    sentence: str
    forbidden: bool = False
    """Refused for who asks, not for where the matter stands."""
    current: bool = False
    """The matter stands where this is done."""
    ahead: bool = False
    primary: bool = False
    drawer: bool = True
    key: str = ""

    @property
    def why(self) -> str:
        if self.allowed:
            return self.sentence
        yet = "还" if (self.current or self.ahead) and not self.forbidden else ""
        return format_html("<b>{}不能{}。</b>{}", yet, self.label, self.sentence)

    def refusal(self) -> DomainError:
        return NotPermitted(self.sentence) if self.forbidden else Conflict(self.sentence)


@dataclass(frozen=True)
class Acts:
    now: tuple[Act, ...]
    near: tuple[Act, ...]
    folded: tuple[Act, ...]

    @property
    def primary(self) -> Act | None:
        return next((act for act in self.now if act.primary), None)

    @property
    def others(self) -> tuple[Act, ...]:
        return tuple(act for act in self.now if not act.primary)


def list_acts(actor: Actor, *, case: "Case", supervised: bool, at: datetime) -> Acts:
    """Those that matter now first, the filled one at the head."""
    acts = [*_moves(actor, case, at), *_extras(actor, case, supervised)]
    return _arranged([act for act in acts if _concerns(case, act.name)])


def find_act(actor: Actor, *, case: "Case", name: str, supervised: bool, at: datetime) -> Act:
    """One by its name; NotFound where there is no such deed."""
    acts = [*_moves(actor, case, at), *_extras(actor, case, supervised)]
    for act in acts:
        if act.name == name:
            return act
    raise NotFound("没有这一步。请从这件事的页面重新选。")


def with_forms_filled(case: "Case") -> "Case":
    """The matter as if the form had been written: guards that ask for words judge the rest. Where
    its parts stand is read once for both."""
    _ = case.part_states
    filled = copy.copy(case)
    filled.rejection = filled.rejection_channel = TO_BE_WRITTEN
    filled.triage = case.triage or Triage.MAJOR
    filled.answer, filled.outcome = case.answer or TO_BE_WRITTEN, case.outcome or Outcome.SOLVED
    if case.state in (S.ACCEPTED, S.TRIAGED, S.REOPENED):
        filled.unit_id = None
    if case.state in UNDISPATCHED:
        filled.main_id = case.main_id or -1
    return filled


def _moves(actor: Actor, case: "Case", at: datetime) -> list[Act]:
    offers = list_offers(actor, obj=with_forms_filled(case), at=at)
    return [
        _of_offer(actor, case, offer)
        for offer in offers
        if offer.move.name in DEEDS.keys() - EXTRAS.keys()
    ]


def _leads_back(case: "Case", name: str) -> bool:
    """The ways out of a merger are one act: the one that leads back to where the matter stood."""
    return name == UNMERGE[case.former or S.SUBMITTED]


def _concerns(case: "Case", name: str) -> bool:
    """Whether it is ever done with a matter of this kind; of two ways to split the one that lies
    ahead."""
    if name in WAYS_OUT:
        return _leads_back(case, name)
    if case.is_part:
        return name not in OF_MAIN
    if name == "finish":
        return False
    later = case.state not in UNSIGNED or case.unit_id is not None
    return name != ("split_at_desk" if later else "split_at_unit")


def _of_offer(actor: Actor, case: "Case", offer: Offer) -> Act:
    move = offer.move
    return Act(
        name=move.name,
        label=move.label,
        icon=move.icon,
        url=_url(case, move.name),
        allowed=offer.allowed,
        sentence=offer.reason,
        forbidden=not policy.check(actor, move.permission, case),
        current=case.state in move.sources,
        ahead=_is_ahead(case.state, move.sources),
    )


def _extras(actor: Actor, case: "Case", supervised: bool) -> list[Act]:
    acts = []
    for name in EXTRAS:
        extra = extra_of(name, case)
        objection = extra.objection(actor, case, supervised)
        acts.append(
            Act(
                name=name,
                label=extra.label,
                icon=extra.icon,
                url=_url(case, name),
                allowed=not objection,
                sentence=objection or extra.does,
            )
        )
    return acts


def _url(case: "Case", name: str) -> str:
    return reverse("work:do", args=[case.number, name])


def _arranged(acts: Sequence[Act]) -> Acts:
    allowed = [act for act in acts if act.allowed]
    first = next((a for name in FORWARD for a in allowed if a.name == name), None)
    now = [replace(first, primary=True, key="D")] if first else []
    now += [act for act in allowed if act is not first]
    refused = [act for act in acts if not act.allowed]
    near = _near(refused)
    return Acts(tuple(now), near, tuple(act for act in refused if act not in near))


def _near(refused: Iterable[Act]) -> tuple[Act, ...]:
    """First what is refused although the matter stands there, then the way that lies ahead."""
    near = [act for act in refused if act.current or act.ahead]
    return tuple(sorted(near, key=_distance)[:NEAR])


def _distance(act: Act) -> tuple[bool, ...]:
    return (not act.current, act.forbidden, act.name not in AWAITED, act.name != "close")


def _is_ahead(state: str, sources: Iterable[str]) -> bool:
    order = list(CASE_WORKFLOW.states)
    return min(order.index(source) for source in sources) > order.index(state)

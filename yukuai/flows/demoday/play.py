"""Plays the script through the product: every act by its own actor, in the order of time."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.cases import actions
from yukuai.cases.actions.closing import Answers
from yukuai.cases.actions.intake import Told
from yukuai.cases.events import CaseMoved, CaseSupervised, SupervisionAnswered
from yukuai.cases.queries import get_case, known_categories
from yukuai.cases.suggesting import suggest_unit
from yukuai.flows.arrivals import announce_arrivals
from yukuai.flows.case_messages import announce_answer, announce_case_move
from yukuai.flows.demoday.outside import Outside
from yukuai.flows.demoday.people import Cast
from yukuai.flows.demoday.script import ANSWERS, SYSTEMS, Matter, Script, Step, sentence
from yukuai.flows.demoday.terms import midnight
from yukuai.kernel.errors import DomainError
from yukuai.kernel.scope import scope
from yukuai.workflow.queries import list_changes

SPACE = UUID("7d0c5b4e-9f0e-4c57-8f2c-3f0f2f6f4c11")
HOUR = timedelta(hours=1)
REJECTION = ("court", "请到区人民法院诉讼服务中心，地址和电话可以问社区。")
MERGE_REASON, RETURN_REASON = "说的是同一处同一件事。", "看过了，不归我们管，请另派。"
DECISION, MORE_TIME = "按职责清单定的。", "要等材料到场。"


class Refused(Exception):
    """The product refused what the script holds to be lawful."""


@dataclass
class Stage:
    """What the play knows on the way: the number of each matter in the product."""

    script: Script
    cast: Cast
    outside: Outside
    ids: dict[int, int] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    """How often each act was made."""
    closed_at_once: int = 0
    reopened: int = 0

    def __post_init__(self) -> None:
        self.categories = {one.code: one.pk for one in known_categories(SYSTEM)}
        self.acts: dict[str, Callable[[Step, Matter], object]] = {
            name.removeprefix("play_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("play_")
        }

    def hours(self) -> Iterator[datetime]:
        """Plays on; yields at the end of each hour of the day that is over by then."""
        following: datetime | None = None
        for step in self.script.steps:
            while following is not None and step.at >= following:
                yield following
                following += HOUR
            if following is None and step.at >= self.begins:
                following = self.begins + HOUR
            self.take(step)
        following = following or self.begins + HOUR
        while following <= self.begins + 24 * HOUR:
            yield following
            following += HOUR

    @property
    def begins(self) -> datetime:
        return midnight(self.script.day)

    def take(self, step: Step) -> None:
        matter = self.script.matters[step.matter]
        try:
            self.acts[step.act](step, matter)
        except DomainError as error:
            raise Refused(f"{sentence(step, matter)}：{error.message}") from error
        self.done[step.act] += 1
        self.closed_at_once += step.act == "visit" and step.close
        self.work_off(step)

    def work_off(self, step: Step) -> None:
        """What the worker does after a step: tell whose turn it is, here and outside."""
        errands, at = self.outside.errands, step.at
        if step.act == "raise":
            announce_arrivals(SYSTEM, at=at)
        moved, asked = errands.take(CaseMoved), errands.take(CaseSupervised)
        for one in (*moved, *({**one, "move": "supervise"} for one in asked)):
            announce_case_move(SYSTEM, **one, at=at)
        answered = errands.take(SupervisionAnswered)
        for one in answered:
            announce_answer(SYSTEM, **one, at=at)
        moved += [*asked, *answered]  # the last by the minutely sweep, for no event tells of it
        self.outside.follow(self.ids[step.matter], moved=moved, at=at)

    def one(self, step: Step) -> dict[str, Any]:
        return {"case_id": self.ids[step.matter], "at": step.at}

    def actor(self, step: Step, matter: Matter) -> Actor:
        if step.who != "resident":
            return self.cast.officers[step.who]
        assert matter.resident is not None or step.act == "raise"
        return self.cast.residents[matter.resident or 0]

    # Coming in

    def play_raise(self, step: Step, matter: Matter) -> None:
        if matter.channel in SYSTEMS:
            named = self.cast.phones[matter.resident or 0], self.cast.names[matter.resident or 0]
            self.ids[step.matter] = self.outside.bring(matter, *named, at=step.at)
            return
        told, actor = self.told(matter), self.actor(step, matter)
        if matter.channel == "app":
            receipt = actions.raise_case(actor, told=told, at=step.at)
        else:
            receipt = actions.register_case(actor, told=told, source=matter.channel, at=step.at)
        self.ids[step.matter] = receipt.case_id

    def told(self, matter: Matter) -> Told:
        known = matter.resident is not None
        return Told(
            client_uuid=uuid5(SPACE, f"{self.script.seed}:{self.script.day}:{matter.index}"),
            body=matter.body,
            division_id=self.cast.places[matter.place].pk,
            place_text=matter.spot,
            category_id=self.categories[matter.known] if matter.known else None,
            anonymous=not known,
            name=self.cast.names[matter.resident or 0] if known else "",
            phone=self.cast.phones[matter.resident or 0] if known else "",
            urgent=matter.urgent,
        )

    def play_accept(self, step: Step, matter: Matter) -> None:
        actions.accept_case(self.actor(step, matter), **self.one(step))

    def play_reject(self, step: Step, matter: Matter) -> None:
        reason, channel = REJECTION
        actions.reject_case(
            self.actor(step, matter), reason=reason, channel=channel, **self.one(step)
        )

    def play_withdraw(self, step: Step, matter: Matter) -> None:
        actions.withdraw_case(self.actor(step, matter), **self.one(step))

    def play_merge(self, step: Step, matter: Matter) -> None:
        into = self.ids[step.into]
        actions.merge_case(
            self.actor(step, matter), into_id=into, reason=MERGE_REASON, **self.one(step)
        )

    def play_triage(self, step: Step, matter: Matter) -> None:
        actions.triage_case(
            self.actor(step, matter),
            triage=matter.triage,
            category_id=self.categories[matter.category],
            **self.one(step),
        )

    # In hand

    def play_guide(self, step: Step, matter: Matter) -> None:
        actions.guide_case(
            self.actor(step, matter), answer="可以先请社区调解，也可以找司法所。", **self.one(step)
        )

    def play_dispatch(self, step: Step, matter: Matter) -> None:
        actor = self.actor(step, matter)
        unit = self.suggested(actor, step) if step.by_rule else self.chosen(step, matter)
        unit_id, department_id = unit
        actions.dispatch_case(actor, unit_id=unit_id, department_id=department_id, **self.one(step))

    def chosen(self, step: Step, matter: Matter) -> tuple[int, int | None]:
        if not step.unit:
            return self.cast.places[matter.place].pk, None
        department = self.cast.departments[step.unit]
        return department.division_id, department.pk

    def suggested(self, actor: Actor, step: Step) -> tuple[int, int | None]:
        """Where the dispatch rules send it: as the page of the dispatch proposes."""
        with scope(actor.areas, actor.holders):
            case = get_case(actor, case_id=self.ids[step.matter])
            found = suggest_unit(
                actor, case=case, changes=list_changes(actor, obj=case), at=step.at
            )
        if found is None or found.unit is None or not found.rule:
            raise Refused(f"第 {step.matter} 件：派单规则没有给出单位。")
        return found.unit

    def play_sign(self, step: Step, matter: Matter) -> None:
        if step.who in SYSTEMS:
            self.outside.say(step.who, self.ids[step.matter], "sign", at=step.at)
            return
        actions.sign_case(self.actor(step, matter), **self.one(step))

    def play_request_return(self, step: Step, matter: Matter) -> None:
        actions.request_return(self.actor(step, matter), reason=RETURN_REASON, **self.one(step))

    def play_decide_return(self, step: Step, matter: Matter) -> None:
        actions.decide_return(
            self.actor(step, matter), granted=step.granted, reason=DECISION, **self.one(step)
        )

    def play_ask_extension(self, step: Step, matter: Matter) -> None:
        actions.ask_extension(
            self.actor(step, matter), working_days=step.days, reason=MORE_TIME, **self.one(step)
        )

    def play_decide_extension(self, step: Step, matter: Matter) -> None:
        actions.decide_extension(
            self.actor(step, matter),
            granted=step.granted,
            working_days=step.days,
            reason=DECISION,
            **self.one(step),
        )

    def play_supervise(self, step: Step, matter: Matter) -> None:
        actions.supervise_case(
            self.actor(step, matter), reason="请说说办到哪一步了。", **self.one(step)
        )

    def play_answer_supervision(self, step: Step, matter: Matter) -> None:
        actions.answer_supervision(
            self.actor(step, matter), answer="正在办，今天去过现场。", **self.one(step)
        )

    # Answered

    def play_reply(self, step: Step, matter: Matter) -> None:
        if step.who in SYSTEMS:
            self.outside.say(step.who, self.ids[step.matter], "reply:solved", at=step.at)
            return
        actions.reply_case(
            self.actor(step, matter),
            answer="去现场看过，已经处理好了。",
            outcome="solved",
            **self.one(step),
        )

    def play_send_back(self, step: Step, matter: Matter) -> None:
        actions.send_back(self.actor(step, matter), reason="还有一处没有弄好。", **self.one(step))

    def play_review(self, step: Step, matter: Matter) -> None:
        actions.review_case(self.actor(step, matter), **self.one(step))

    def play_visit(self, step: Step, matter: Matter) -> None:
        answers = _answers(step.answers) if step.reached else Answers()
        actions.record_visit(
            self.actor(step, matter),
            reached=step.reached,
            answers=answers,
            close=step.close,
            **self.one(step),
        )

    def play_close(self, step: Step, matter: Matter) -> None:
        actions.close_case(self.actor(step, matter), **self.one(step))

    def play_rate(self, step: Step, matter: Matter) -> None:
        case = actions.rate_case(
            self.actor(step, matter), answers=_answers(step.answers), **self.one(step)
        )
        self.reopened += case.state == "reopened"


def _answers(name: str) -> Answers:
    contacted, solved, satisfied = ANSWERS[name]
    return Answers(contacted=contacted, solved=solved, satisfied=satisfied)

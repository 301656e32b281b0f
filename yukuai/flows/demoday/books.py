"""One matter in the ledger's books: where it stands, whose turn it is, what was said of it.

Pure, and written from what the manual promises, not from the product's tables: a second opinion.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from yukuai.flows.demoday.roster import Town
from yukuai.flows.demoday.script import ANSWERS, ROUTED, SYSTEMS, Matter, Step
from yukuai.flows.demoday.terms import Terms

Door = tuple[str, str]
OVER = {"rejected", "withdrawn", "merged", "closed", "rated"}
CONSULTATION = "13"


@dataclass
class Clock:
    """`number` is its place among all clocks that were ever set."""

    door: Door
    due: datetime
    number: int


@dataclass
class Opinion:
    """What a resident said: in a follow-up, or himself. A rating outweighs the follow-up."""

    at: datetime
    round: int
    rated: bool
    answers: str


@dataclass
class Account:
    """A matter as it stands after the steps that were entered."""

    matter: Matter
    state: str = "submitted"
    category: str = ""
    triage: str = ""
    promised: datetime | None = None
    door: Door | None = None
    dispatcher: str = ""
    replied: datetime | None = None
    kept: bool = False
    """Whether the last answer came within what was promised then."""
    replied_by: str = ""
    closed: datetime | None = None
    round: int = 0
    opinions: list[Opinion] = field(default_factory=list)
    clocks: dict[str, Clock] = field(default_factory=dict)
    ties: set[str] = field(default_factory=set)
    """The outside systems that have it."""

    @property
    def is_open(self) -> bool:
        return self.state not in OVER

    @property
    def own(self) -> Door:
        return self.matter.place, ""

    def running(self) -> dict[str, Clock]:
        """What an office owes; the resident's time to rate is nobody's debt."""
        return {name: clock for name, clock in self.clocks.items() if name != "rate"}


class Bookkeeper:
    """Enters steps, one by one, in the order of time."""

    def __init__(self, terms: Terms, town: Town, matters: tuple[Matter, ...]) -> None:
        self.terms, self.town = terms, town
        self.places = {one.username: one.place for one in town.officers}
        self.accounts: dict[int, Account] = {}
        self.matters = matters
        self.set = 0
        self.told: dict[str, int] = dict.fromkeys(SYSTEMS, 0)
        """By outside system: what goes to it, matters and words about them."""
        self.entries: dict[str, Callable[[Account, Step], None]] = {
            name.removeprefix("enter_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("enter_")
        }

    def enter(self, step: Step) -> None:
        if step.act == "raise":
            self.accounts[step.matter] = Account(self.matters[step.matter])
        account = self.accounts[step.matter]
        self.entries[step.act](account, step)
        self.tell(account, step)

    # Clocks

    def start(self, account: Account, name: str, door: Door, due: datetime) -> None:
        self.set += 1
        account.clocks[name] = Clock(door, due, self.set)

    def run(self, account: Account, name: str, door: Door, at: datetime, term: str = "") -> None:
        self.start(account, name, door, self.terms.end(term or name, at))

    @staticmethod
    def stop(account: Account, *names: str) -> None:
        for name in names:
            account.clocks.pop(name, None)

    def term_of(self, account: Account) -> str:
        return "consult" if account.category == CONSULTATION else account.triage

    # Coming in

    def enter_raise(self, account: Account, step: Step) -> None:
        account.category = account.matter.known
        self.run(account, "accept", account.own, step.at)
        if account.matter.urgent:
            self.run(account, "urgent", account.own, step.at)

    def enter_accept(self, account: Account, step: Step) -> None:
        account.state = "accepted"
        self.stop(account, "accept", "urgent")
        self.run(account, "triage", account.own, step.at)
        account.promised = self.terms.end("major", account.matter.at)

    def enter_reject(self, account: Account, step: Step) -> None:
        account.state = "rejected"
        account.clocks.clear()

    def enter_withdraw(self, account: Account, step: Step) -> None:
        account.state = "withdrawn"
        account.clocks.clear()

    def enter_merge(self, account: Account, step: Step) -> None:
        account.state = "merged"
        account.clocks.clear()

    def enter_triage(self, account: Account, step: Step) -> None:
        account.state = "triaged"
        account.category, account.triage = account.matter.category, account.matter.triage
        account.promised = self.terms.end(self.term_of(account), account.matter.at)
        self.stop(account, "triage")
        self.run(account, "dispatch", account.own, step.at)

    # In hand

    def enter_guide(self, account: Account, step: Step) -> None:
        self.answer(account, step)
        account.door, account.dispatcher = account.own, account.matter.place
        self.stop(account, "dispatch")
        self.run(account, "review", account.own, step.at)

    def enter_dispatch(self, account: Account, step: Step) -> None:
        account.state = "dispatched"
        account.dispatcher = self.places[step.who]
        account.door = (self.town.level_of(step.unit), step.unit) if step.unit else account.own
        self.stop(account, "triage", "dispatch")
        self.run(
            account, "sign", account.door, step.at, "sign-urgent" if account.matter.urgent else ""
        )
        if "resolve" in account.clocks:
            account.clocks["resolve"].door = account.door
            return
        if account.promised is None or account.promised <= step.at:
            account.promised = self.terms.end(self.term_of(account), step.at)
        self.start(account, "resolve", account.door, account.promised)

    def enter_sign(self, account: Account, step: Step) -> None:
        account.state = "handling"
        self.stop(account, "sign")

    def judge(self, account: Account) -> Door:
        """Who decides on a return or an extension: the dispatcher, from the township up."""
        return self.town.code, ""

    def enter_request_return(self, account: Account, step: Step) -> None:
        account.state = "return-requested"
        self.stop(account, "sign")
        self.run(account, "approve", self.judge(account), step.at)

    def enter_decide_return(self, account: Account, step: Step) -> None:
        self.stop(account, "approve")
        account.state = "triaged" if step.granted else "handling"
        if not step.granted:
            return
        account.door = None
        self.stop(account, "sign")
        if "resolve" in account.clocks:
            account.clocks["resolve"].door = self.judge(account)
        self.run(account, "dispatch", self.judge(account), step.at)

    def enter_ask_extension(self, account: Account, step: Step) -> None:
        account.state = "extended"
        self.run(account, "approve", self.judge(account), step.at)

    def enter_decide_extension(self, account: Account, step: Step) -> None:
        self.stop(account, "approve")
        account.state = "handling"
        if step.granted and account.door is not None and account.promised is not None:
            last = account.promised - timedelta(seconds=1)
            account.promised = self.terms.after_working_days(step.days, max(last, step.at))
            self.start(account, "resolve", account.door, account.promised)

    def enter_supervise(self, account: Account, step: Step) -> None:
        self.run(account, "supervision", account.door or account.own, step.at)

    def enter_answer_supervision(self, account: Account, step: Step) -> None:
        self.stop(account, "supervision")

    # Answered

    @staticmethod
    def answer(account: Account, step: Step) -> None:
        account.state = "replied"
        account.replied, account.replied_by = step.at, step.who
        account.kept = account.promised is not None and step.at <= account.promised

    def enter_reply(self, account: Account, step: Step) -> None:
        self.answer(account, step)
        self.stop(account, "resolve", "urgent")
        self.run(account, "review", (account.dispatcher, ""), step.at)

    def enter_send_back(self, account: Account, step: Step) -> None:
        account.state = "handling"
        self.stop(account, "review")
        assert account.door is not None
        self.run(account, "resolve", account.door, step.at, "dispatch")

    def enter_review(self, account: Account, step: Step) -> None:
        account.state = "reviewed"
        self.stop(account, "review")
        self.run(account, "visit", account.own, step.at)

    def enter_visit(self, account: Account, step: Step) -> None:
        account.state = "visited"
        if step.reached:
            account.opinions.append(Opinion(step.at, account.round, False, step.answers))
        self.stop(account, "visit")
        self.run(account, "close", account.own, step.at)
        if step.close:
            self.enter_close(account, step)

    def enter_close(self, account: Account, step: Step) -> None:
        account.state, account.closed = "closed", step.at
        account.clocks.clear()
        self.run(account, "rate", account.own, step.at)

    def enter_rate(self, account: Account, step: Step) -> None:
        _contacted, solved, _satisfied = ANSWERS[step.answers]
        account.opinions.append(Opinion(step.at, account.round, True, step.answers))
        account.clocks.clear()
        account.state = "rated"
        if solved != "yes" and account.round < self.terms.reopenings:
            account.state, account.closed, account.promised = "reopened", None, None
            account.round += 1
            self.run(account, "dispatch", account.own, step.at)

    # Outside

    def tell(self, account: Account, step: Step) -> None:
        """What the outside systems that have the matter are told of this step."""
        if step.act == "raise":
            account.ties |= {account.matter.channel} & set(SYSTEMS)
            return
        for move in self.moves(account, step):
            for system in account.ties - {step.who}:
                self.told[system] += move in self.terms.told[system]
        if step.act == "dispatch" and (opened := ROUTED.get(step.unit)):
            self.told[opened] += opened not in account.ties
            account.ties.add(opened)
        if account.state in ("rejected", "withdrawn", "rated"):
            account.ties.clear()

    @staticmethod
    def moves(account: Account, step: Step) -> list[str]:
        """As the tables of words call it."""
        if step.act.startswith("decide_"):
            return [f"{'grant' if step.granted else 'refuse'}_{step.act.removeprefix('decide_')}"]
        if step.act == "visit":
            return ["visit", "close"] if step.close else ["visit"]
        if step.act == "rate" and account.state == "reopened":
            return ["reopen"]
        if step.act == "sign" and step.who in SYSTEMS:
            return ["sign", "note"]  # what they say of it is told on
        return [step.act.replace("answer_supervision", "answer-supervision")]

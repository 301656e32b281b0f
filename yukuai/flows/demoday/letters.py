"""Who finds a message in his inbox after a step: whose turn it is, and who need not go on. Pure.

Written from what the manual promises, not from the table of the product: a second opinion.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from yukuai.flows.demoday.books import Account, Door
from yukuai.flows.demoday.roster import Town
from yukuai.flows.demoday.script import Step
from yukuai.flows.demoday.terms import Terms

TO_THE_COMMUNITY = {"raise", "accept", "triage", "guide", "review", "visit"}
TO_THE_UNIT = {"dispatch", "send_back", "supervise"}
LEFT_OUT = {"merged", "withdrawn", "rejected"}
TO_THE_JUDGE = {"request_return", "ask_extension"}


@dataclass
class Likely:
    """Matters that may be one, put before the desk of their place once (可能是一串)."""

    place: str
    category: str
    members: set[int]


class Postman:
    """Counts messages by username."""

    def __init__(self, town: Town, terms: Terms) -> None:
        self.town, self.window = town, terms.cluster
        self.inboxes: Counter[str] = Counter()
        self.asked_by: dict[int, str] = {}
        """Who supervises a matter."""
        self.of_one: dict[tuple[int, str], list[Account]] = defaultdict(list)
        """What one resident brought up about one place."""
        self.likely: list[Likely] = []

    def carry(self, account: Account, step: Step, before: Door | None) -> None:
        """`before` is the unit that had the matter before the step. Nobody is told of what he did
        himself, and nobody has a turn in what is over."""
        for door in self.doors(account, step):
            for officer in self.town.at(*door):
                self.inboxes[officer.username] += officer.username != step.who and account.is_open
        if step.act == "decide_return" and step.granted and before is not None:
            for officer in self.town.at(*before):  # it is not theirs any more
                self.inboxes[officer.username] += 1
        if step.act == "raise":
            self.look_for_others(account)
        if step.act == "supervise":
            self.asked_by[step.matter] = step.who
        if step.act == "answer_supervision":
            self.inboxes[self.asked_by.pop(step.matter)] += 1

    def doors(self, account: Account, step: Step) -> list[Door]:
        again = step.act == "rate" and account.state == "reopened"
        if again or step.act in TO_THE_COMMUNITY:
            return [account.own]
        if step.act in TO_THE_JUDGE or (step.act == "decide_return" and step.granted):
            return [(self.town.code, "")]
        if step.act in TO_THE_UNIT or step.act.startswith("decide_"):
            return [account.door or account.own]
        if step.act == "reply":
            return [(account.dispatcher, "")]
        return []

    def look_for_others(self, account: Account) -> None:
        """Of the same person, place and kind, no further apart than the window."""
        matter = account.matter
        if matter.resident is None:
            return
        known = self.of_one[matter.resident, matter.place]
        others = {
            one.matter.index
            for one in known
            if account.category and one.category == account.category
            if one.state not in LEFT_OUT and matter.at - one.matter.at <= self.window
        }
        known.append(account)
        if not others:
            return
        for one in self.likely:
            same = one.place == matter.place and one.category == account.category
            if same and one.members & others:
                one.members |= {*others, matter.index}
                return
        self.likely.append(Likely(matter.place, account.category, {*others, matter.index}))
        for officer in self.town.at(*account.own):
            self.inboxes[officer.username] += 1

"""What came in since the last round: the person has his receipt, the desk hears of it, and what may
belong together is put before it. Urgent matters do not wait for the round."""

from dataclasses import asdict
from datetime import datetime
from functools import cache, partial
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.cases.actions import propose_clusters
from yukuai.cases.events import ArrivalSetAside, CaseRaised
from yukuai.cases.queries import find_cases, list_contacts_for_sms
from yukuai.flows.case_messages import Moved, find_staff_at, tell_of
from yukuai.flows.cluster_proposals import letter_about
from yukuai.flows.mail import Mail
from yukuai.kernel.actions import action
from yukuai.kernel.locks import hold_if_free
from yukuai.kernel.outbox import publish, take
from yukuai.workflow.queries import list_changes_of, list_running_of

A_ROUND = 200
_ROUND = "flows.arrivals"
"""One round at a time: one that takes longer than its period is not joined by the next."""


@action
def announce_arrivals(actor: Actor, *, at: datetime) -> int:
    """One round: as many statements for two hundred matters as for one. Returns how many; 0 also
    while another round runs, which goes on until nothing is left."""
    if not hold_if_free(_ROUND):
        return 0
    arrived = take(CaseRaised, most=A_ROUND)
    case_ids = [one.case_id for one in arrived]
    cases = find_cases(actor, case_ids=case_ids)
    changes = list_changes_of(actor, change_ids=[one.change_id for one in arrived])
    phones = list_contacts_for_sms(actor, case_ids=case_ids)
    clocks: dict[int, dict[str, Any]] = {case_id: {} for case_id in case_ids}
    for clock in list_running_of(actor, workflow="case", object_ids=case_ids):
        clocks[clock.object_id][clock.name] = clock
    mail, ask = Mail(), cache(partial(find_staff_at, actor, at))
    for one in arrived:
        case, change = cases[one.case_id], changes[one.change_id]
        moved = Moved(case, change, "raise", clocks[case.pk], phones.get(case.pk, ""))
        tell_of(actor, moved, mail, at, ask=ask)
    for cluster in propose_clusters(actor, cases=cases.values(), at=at):
        mail.letters.append(letter_about(actor, cluster, at))
    mail.send(actor, at=at)
    return len(arrived)


@action
def set_aside_arrivals(actor: Actor, *, at: datetime) -> int:
    """A round failed over one of them: each gets a job of its own, so that this one alone fails, is
    tried again, and is seen. Nothing while another round runs: that one meets it as well."""
    if not hold_if_free(_ROUND):
        return 0
    arrived = take(CaseRaised, most=A_ROUND)
    publish(*(ArrivalSetAside(**asdict(one)) for one in arrived))
    return len(arrived)

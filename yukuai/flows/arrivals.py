"""What came in since the last round: the person has his receipt, the desk hears of it, and what may
belong together is put before it. Urgent matters do not wait for the round."""

from dataclasses import asdict
from datetime import datetime

from yukuai.accounts.policy import Actor
from yukuai.cases.actions import propose_clusters
from yukuai.cases.events import ArrivalSetAside, CaseRaised
from yukuai.flows.case_messages import list_moved, look_ahead, tell_of
from yukuai.flows.cluster_proposals import letters_about
from yukuai.flows.mail import Mail
from yukuai.kernel.actions import action
from yukuai.kernel.locks import hold_if_free
from yukuai.kernel.outbox import publish, take

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
    moves = list_moved(actor, [(one.case_id, one.change_id, "raise") for one in arrived])
    mail = Mail(actor, at)
    look_ahead(mail, moves)
    for moved in moves:
        tell_of(mail, moved)
    clusters = propose_clusters(actor, cases=[moved.case for moved in moves], at=at)
    mail.letters += letters_about(actor, clusters, at)
    mail.send()
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

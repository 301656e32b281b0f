"""Jobs: what the stories of this folder subscribe to. Each loads by id and calls one action."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yukuai.accounts.events import GlassBroken, PostBegun, PostEnded
from yukuai.accounts.policy import SYSTEM
from yukuai.boundaries.events import LinesMoved
from yukuai.cases.actions import release_merged
from yukuai.cases.events import (
    ArrivalSetAside,
    CaseMoved,
    CaseRaised,
    CaseSupervised,
    ExportReady,
    RuleBroken,
    SupervisionAnswered,
    UrgentRaised,
)
from yukuai.disputes.events import DisputeMoved, DisputeRegistered
from yukuai.elections.events import ElectionMoved
from yukuai.flows import case_lines, register_lines  # noqa: F401  they register themselves
from yukuai.flows.account_messages import announce_glass, announce_post
from yukuai.flows.arrivals import announce_arrivals, set_aside_arrivals
from yukuai.flows.case_documents import PAPERS, issue_case_paper
from yukuai.flows.case_messages import announce_answer, announce_case_move
from yukuai.flows.cluster_proposals import look_for_cluster
from yukuai.flows.deadline_messages import announce_deadline
from yukuai.flows.dispute_documents import PAPERS as DISPUTE_PAPERS
from yukuai.flows.dispute_documents import issue_dispute_paper
from yukuai.flows.dispute_messages import announce_dispute_deadline, announce_dispute_move
from yukuai.flows.election_messages import announce_election_deadline, announce_step
from yukuai.flows.export_messages import announce_export
from yukuai.flows.follower_messages import NEWS, announce_to_followers
from yukuai.flows.line_messages import TEMPLATES as LINE_NEWS
from yukuai.flows.line_messages import announce_lines
from yukuai.flows.output_messages import announce_output_asked, announce_output_settled
from yukuai.flows.record_messages import announce_correction
from yukuai.flows.rule_messages import announce_broken_rule
from yukuai.kernel import clock
from yukuai.kernel.outbox import GATHERED, SUBSCRIBERS
from yukuai.registry.events import CorrectionSettled, OutputAsked, OutputSettled
from yukuai.workflow.events import DeadlineNear

AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(retry=AGAIN)
def tell_of_raised(case_id: int, change_id: int) -> None:
    announce_case_move(SYSTEM, case_id=case_id, change_id=change_id, move="raise", at=clock.now())


@app.task(retry=AGAIN)
def tell_of_move(case_id: int, change_id: int, move: str) -> None:
    announce_case_move(SYSTEM, case_id=case_id, change_id=change_id, move=move, at=clock.now())


@app.task(retry=AGAIN)
def print_paper(case_id: int, change_id: int, move: str) -> None:
    if move in PAPERS:
        issue_case_paper(SYSTEM, case_id=case_id, move=move, at=clock.now())


@app.task(retry=AGAIN)
def tell_followers(case_id: int, change_id: int, move: str) -> None:
    if move in NEWS:
        announce_to_followers(SYSTEM, case_id=case_id, change_id=change_id, at=clock.now())


@app.task(retry=AGAIN)
def let_merged_go(case_id: int, change_id: int, move: str) -> None:
    if move == "withdraw":
        release_merged(SYSTEM, case_id=case_id, at=clock.now())


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="flows.arrivals")
def tell_of_arrivals(timestamp: int) -> None:
    try:
        while announce_arrivals(SYSTEM, at=clock.now()):
            pass
    except Exception:
        set_aside_arrivals(SYSTEM, at=clock.now())
        raise


@app.task(retry=AGAIN)
def find_cluster_of_raised(case_id: int, change_id: int) -> None:
    look_for_cluster(case_id=case_id, at=clock.now())


@app.task(retry=AGAIN)
def find_cluster_of_triaged(case_id: int, change_id: int, move: str) -> None:
    if move in ("triage", "retriage"):
        look_for_cluster(case_id=case_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_supervision(case_id: int, change_id: int) -> None:
    announce_case_move(
        SYSTEM, case_id=case_id, change_id=change_id, move="supervise", at=clock.now()
    )


@app.task(retry=AGAIN)
def tell_of_answer(case_id: int, change_id: int, asked_by_id: int | None) -> None:
    announce_answer(
        SYSTEM, case_id=case_id, change_id=change_id, asked_by_id=asked_by_id, at=clock.now()
    )


@app.task(retry=AGAIN)
def tell_of_deadline(deadline_id: int, percent: int) -> None:
    announce_deadline(SYSTEM, deadline_id=deadline_id, percent=percent, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_dispute_deadline(deadline_id: int, percent: int) -> None:
    announce_dispute_deadline(SYSTEM, deadline_id=deadline_id, percent=percent, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_dispute(dispute_id: int, change_id: int) -> None:
    announce_dispute_move(
        SYSTEM, dispute_id=dispute_id, change_id=change_id, move="register", at=clock.now()
    )


@app.task(retry=AGAIN)
def tell_of_dispute_move(dispute_id: int, change_id: int, move: str) -> None:
    announce_dispute_move(
        SYSTEM, dispute_id=dispute_id, change_id=change_id, move=move, at=clock.now()
    )


@app.task(retry=AGAIN)
def print_dispute_paper(dispute_id: int, change_id: int, move: str) -> None:
    if move in DISPUTE_PAPERS:
        issue_dispute_paper(SYSTEM, dispute_id=dispute_id, move=move, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_lines(draft_id: int, change_id: int, move: str) -> None:
    if move in LINE_NEWS:
        announce_lines(SYSTEM, draft_id=draft_id, change_id=change_id, move=move, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_election(election_id: int, change_id: int, move: str) -> None:
    announce_step(SYSTEM, election_id=election_id, change_id=change_id, move=move, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_election_deadline(deadline_id: int, percent: int) -> None:
    announce_election_deadline(SYSTEM, deadline_id=deadline_id, percent=percent, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_post_begun(post_id: int) -> None:
    announce_post(SYSTEM, post_id=post_id, ended=False, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_post_ended(post_id: int) -> None:
    announce_post(SYSTEM, post_id=post_id, ended=True, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_glass(glass_id: int) -> None:
    announce_glass(SYSTEM, glass_id=glass_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_broken_rule(rule_id: int) -> None:
    announce_broken_rule(SYSTEM, rule_id=rule_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_export(export_id: int) -> None:
    announce_export(SYSTEM, export_id=export_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_correction(claim_id: int) -> None:
    announce_correction(SYSTEM, claim_id=claim_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_output_asked(output_id: int) -> None:
    announce_output_asked(SYSTEM, output_id=output_id, at=clock.now())


@app.task(retry=AGAIN)
def tell_of_output_settled(output_id: int) -> None:
    announce_output_settled(SYSTEM, output_id=output_id, at=clock.now())


SUBSCRIBERS[PostBegun].append(tell_of_post_begun)
SUBSCRIBERS[PostEnded].append(tell_of_post_ended)
SUBSCRIBERS[GlassBroken].append(tell_of_glass)
GATHERED.add(CaseRaised)
SUBSCRIBERS[UrgentRaised].append(tell_of_raised)
SUBSCRIBERS[ArrivalSetAside] += [tell_of_raised, find_cluster_of_raised]
SUBSCRIBERS[CaseMoved] += [
    tell_of_move,
    print_paper,
    tell_followers,
    let_merged_go,
    find_cluster_of_triaged,
]
SUBSCRIBERS[CaseSupervised].append(tell_of_supervision)
SUBSCRIBERS[SupervisionAnswered].append(tell_of_answer)
SUBSCRIBERS[DeadlineNear] += [
    tell_of_deadline,
    tell_of_dispute_deadline,
    tell_of_election_deadline,
]
SUBSCRIBERS[RuleBroken].append(tell_of_broken_rule)
SUBSCRIBERS[ExportReady].append(tell_of_export)
SUBSCRIBERS[LinesMoved].append(tell_of_lines)
SUBSCRIBERS[ElectionMoved].append(tell_of_election)
SUBSCRIBERS[DisputeRegistered].append(tell_of_dispute)
SUBSCRIBERS[DisputeMoved] += [tell_of_dispute_move, print_dispute_paper]
SUBSCRIBERS[CorrectionSettled].append(tell_of_correction)
SUBSCRIBERS[OutputAsked].append(tell_of_output_asked)
SUBSCRIBERS[OutputSettled].append(tell_of_output_settled)

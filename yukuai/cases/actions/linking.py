"""并入另一件, and 拆开: one thing reported several times is handled and answered once."""

from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.actions._steps import lock, move, required
from yukuai.cases.models import Case, CaseLink, Follower
from yukuai.cases.states import OPEN, UNMERGE, CaseState
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.workflow.actions import drop_deadlines, remember, resume_deadlines
from yukuai.workflow.queries import list_deadlines

TOLD = "和别人反映的是同一件事，合在一起办、一起答复。您的单号照样能查。"
UNMERGED = "看过了，和那一件不是一回事，拆开单独办。"
WHY_MERGE = "写明为什么是同一件事。"
WHY_UNMERGE = "写明为什么不是同一件事。"
ITSELF = "不能并入它自己。请选另一件。"
WITHDRAWN = "并入的那一件，反映的人撤回了。"


@action
def merge_case(actor: Actor, *, case_id: int, into_id: int, reason: str, at: datetime) -> Case:
    """The same thing was raised before: its answer is this one's answer. Both lie where the
    officer may act; what has others in it goes nowhere itself, so there is never a chain."""
    reason = required(reason, field="reason", sentence=WHY_MERGE)
    case, main = lock_both(actor, case_id, into_id)
    merge(actor, case, main, reason=reason, at=at)
    return case


def lock_both(actor: Actor, case_id: int, into_id: int) -> tuple[Case, Case]:
    """In the order of their ids, whoever asks: two officers never wait for each other."""
    if case_id == into_id:
        raise InvalidInput(ITSELF, fields={"into": ITSELF})
    held = {pk: lock(actor, pk) for pk in sorted((case_id, into_id))}
    return held[case_id], held[into_id]


def merge(actor: Actor, case: Case, main: Case, *, reason: str, at: datetime) -> None:
    """A step: both are locked."""
    policy.require(actor, Permission.CASE_LINK, main)
    if main.state not in OPEN:
        gone = "那一件已经并入别的事，请并入最后的那一件。"
        done = "那一件已经结束，不能再并入。请选一件没办完的。"
        raise Conflict(gone if main.state == CaseState.MERGED else done)
    with widened(EVERYWHERE):
        if Case.objects.filter(main=case, state=CaseState.MERGED).exists():
            raise Conflict(
                "已经有别的事并入这一件，它不能再并入另一件。可以反过来，把那一件并进来。"
            )
    running = [c.pk for c in list_deadlines(actor, obj=case) if c.met_at is None]
    case.main, case.former = main, case.state
    move(actor, case, "merge", at=at, reason=reason, said=TOLD, into=main.number)
    drop_deadlines(case, at=at)
    CaseLink.objects.create(
        case=case,
        into=main,
        division=case.division,
        holders=case.holders,
        reason=reason,
        linked_by=actor.label,
        linked_by_id=actor.user_id,
        linked_at=at,
        clocks=running,
    )
    _let_reporter_follow(case, main, at)
    words = f"{case.number} 并入这一件。{reason}"
    remember(actor, main, move="take_in", source=main.state, at=at, reason=words)


def _let_reporter_follow(case: Case, main: Case, at: datetime) -> None:
    """He waits for the answer to the other one now; unless he raised that one too."""
    if not set(case.holders).isdisjoint(main.holders):
        return
    known = Follower.objects.filter(case=main, holders__overlap=case.holders).first()
    if known is not None:
        known.via, known.ended_at = case, None
        known.holders = sorted({*known.holders, *case.holders})
        known.save(update_fields=["via", "ended_at", "holders"])
        return
    Follower.objects.create(
        case=main,
        division=main.division,
        holders=case.holders,
        person=_person(case),
        user_id=case.reporter_id,
        via=case,
        since=at,
    )


def _person(case: Case) -> str:
    """An account before a telephone before number and code."""
    order = {"user": 0, "phone": 1, "ticket": 2}
    return min(case.holders, key=lambda key: (order.get(key.partition(":")[0], 3), key))


@action
def unmerge_case(actor: Actor, *, case_id: int, reason: str, at: datetime) -> Case:
    """The undo of a merger: back to where it stood, with the clocks that ran, as they ran."""
    case = lock(actor, case_id)
    reason = required(reason, field="reason", sentence=WHY_UNMERGE)
    _unmerge(actor, case, reason, at)
    return case


def _unmerge(actor: Actor, case: Case, reason: str, at: datetime) -> None:
    main, back = case.main, UNMERGE[case.former or CaseState.SUBMITTED]
    move(actor, case, back, at=at, reason=reason, said=UNMERGED)
    case.main, case.former = None, ""
    case.save(update_fields=["main", "former"])
    link = CaseLink.objects.get(case=case, parted_at=None)
    link.parted_reason, link.parted_by, link.parted_at = reason, actor.label, at
    link.save(update_fields=["parted_reason", "parted_by", "parted_at"])
    resume_deadlines(case, link.clocks)
    with widened(EVERYWHERE):
        rows = Follower.objects.filter(case=link.into_id, via=case)
        rows.filter(since=link.linked_at).update(ended_at=at)
        rows.update(via=None)
    if main is not None:
        words = f"{case.number} 从这一件拆开。{reason}"
        remember(actor, main, move="let_go", source=main.state, at=at, reason=words)


@action
def release_merged(actor: Actor, *, case_id: int, at: datetime) -> int:
    """The matter was withdrawn by whoever raised it: what was merged into it goes its own way
    again. For the worker; run twice, it releases once."""
    merged = Case.objects.filter(main=case_id, state=CaseState.MERGED).order_by("pk")
    ids = list(merged.values_list("pk", flat=True))
    for pk in ids:
        case = lock(actor, pk)
        if case.main is not None and case.main.state == CaseState.WITHDRAWN:
            _unmerge(actor, case, WITHDRAWN, at)
    return len(ids)

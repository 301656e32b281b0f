"""对账: the report of a day, and each difference repaired by itself."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.queries import get_case
from yukuai.cases.states import OPEN
from yukuai.exchange.actions._steps import queue_opening
from yukuai.exchange.events import ReconciliationAsked
from yukuai.exchange.models import Difference, ExternalCase, Reconciliation
from yukuai.exchange.queries.matters import list_living
from yukuai.exchange.queries.systems import get_managed_system, get_system_by_id
from yukuai.exchange.rules import Ours, compare
from yukuai.exchange.states import Origin, ParcelState
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.locks import hold
from yukuai.kernel.outbox import publish
from yukuai.workflow.actions import remember

if TYPE_CHECKING:
    from collections.abc import Mapping


@action
def ask_reconciliation(actor: Actor, *, code: str, day: date, at: datetime) -> None:
    """Somebody wants the report of a day now."""
    system = get_managed_system(actor, code=code)
    if day > today(at):
        sentence = "对账的日子不能在今天以后。"
        raise InvalidInput(sentence, fields={"day": sentence})
    publish(ReconciliationAsked(system_id=system.pk, day=day.isoformat()))
    record(
        actor, act="exchange.reconcile", target=system.code, area=system.area, at=at, day=str(day)
    )


@action
def keep_failure(actor: Actor, *, system_id: int, day: date, error: str, at: datetime) -> int:
    system = get_system_by_id(actor, system_id=system_id)
    report = Reconciliation.objects.create(
        division=system.division, system=system, day=day, ran_at=at, error=error[:300]
    )
    return report.pk


@action
def keep_report(
    actor: Actor, *, system_id: int, day: date, theirs: "Mapping[str, str]", at: datetime
) -> int:
    """Ours against theirs: what is open, or moved since the day began."""
    system = get_system_by_id(actor, system_id=system_id)
    since = datetime.combine(day, time(0), SHANGHAI)
    links = list_living(actor, system_id=system_id, since=since)
    ours = [_ours(link) for link in links]
    known = set(
        ExternalCase.objects.filter(system=system_id, external_id__in=theirs).values_list(
            "external_id", flat=True
        )
    )
    asked = {one.external_id for one in ours}
    shown = {key: state for key, state in theirs.items() if key in asked or key not in known}
    found = compare(ours, shown, at=at, stale_days=system.stale_days)
    report = Reconciliation.objects.create(
        division=system.division,
        system=system,
        day=day,
        ran_at=at,
        ours=len(ours),
        theirs=len(theirs),
    )
    Difference.objects.bulk_create(
        Difference(
            division=system.division,
            report=report,
            kind=one.kind,
            link_id=one.link_id,
            external_id=one.external_id,
            number=one.number,
            ours=one.ours,
            theirs=one.theirs,
        )
        for one in found
    )
    return report.pk


def _ours(link: ExternalCase) -> Ours:
    return Ours(
        link_id=link.pk,
        external_id=link.external_id or "",
        number=link.case.number,
        theirs=link.state,
        last_word_at=link.stated_at or link.created_at,
        is_open=link.ended_at is None and link.case.state in OPEN,
    )


@action
def open_difference(actor: Actor, *, difference_id: int) -> Difference:
    """For repairing it: NotFound outside one's area, Conflict when it was repaired already."""
    rows = Difference.objects.filter(pk=difference_id).select_for_update(of=("self",))
    found = rows.select_related("report__system", "link", "division").first()
    if found is None or not policy.check(actor, Permission.EXCHANGE_MANAGE, found):
        policy.require_anywhere(actor, Permission.EXCHANGE_MANAGE)
        raise NotFound("没有这一条差异。可能网址不对，也可能不归您的岗位管。")
    if found.repaired_at is not None:
        raise Conflict("这一条已经有人处理过了。")
    return found


@action
def push_again(actor: Actor, *, difference_id: int, at: datetime) -> None:
    """They do not have it: the matter goes there once more, as a parcel of its own."""
    found = Difference.objects.select_for_update(of=("self",)).get(pk=difference_id)
    policy.require(actor, Permission.EXCHANGE_MANAGE, found)
    link = found.link
    if link is None or link.origin != Origin.OURS:
        raise Conflict("这件事是他们转来的，不能由我们送回去。请和对方核对。")
    hold(f"exchange:case:{link.case_id}")
    link.refresh_from_db()
    waiting = link.parcels.filter(state__in=[ParcelState.WAITING, ParcelState.DEAD])
    if waiting.exists():
        raise Conflict("还有没送到的在排队。先到“没有送到的”里重发或不再送。")
    case = get_case(actor, case_id=link.case_id, locked=True)
    change = remember(
        actor, case, move="note", source=case.state, at=at, reason=f"对账：再送{link.system.name}。"
    )
    link.mark, link.ended_at, link.ended_reason = change.pk, None, ""
    link.save(update_fields=["mark", "ended_at", "ended_reason"])
    queue_opening(link, change_id=change.pk, at=at)
    _repaired(actor, found, at)


@action
def note_repaired(actor: Actor, *, difference_id: int, at: datetime) -> None:
    found = Difference.objects.select_for_update(of=("self",)).get(pk=difference_id)
    policy.require(actor, Permission.EXCHANGE_MANAGE, found)
    _repaired(actor, found, at)


def _repaired(actor: Actor, found: Difference, at: datetime) -> None:
    found.repaired_at, found.repaired_by = at, actor.label
    found.save(update_fields=["repaired_at", "repaired_by"])
    target = found.external_id or found.number
    record(actor, act="exchange.repair", target=target, area=found.area, at=at, kind=found.kind)

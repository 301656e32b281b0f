"""Reads. What is inside a dispute is read within `opened`, once the dispute itself was found."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.audit.looks import Look, list_looks
from yukuai.disputes.models import (
    Agreement,
    Dispute,
    DisputeKind,
    FulfilmentItem,
    Mediator,
    Particulars,
    Party,
    Referral,
    Remark,
    Session,
)
from yukuai.disputes.rules import mask_name, yuan_words
from yukuai.disputes.states import Side
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.kernel.wording import tail4
from yukuai.workflow.queries import list_changes, list_deadlines, list_running_of

GONE = "这里没有这件纠纷。可能单号不对，也可能不归您经办。"
NO_MEDIATOR = "名册上没有这位调解员。"
JOINED = ("kind", "mediator", "division", "office", "rule_pack")


@contextmanager
def opened(actor: Actor, dispute: Dispute) -> Iterator[Actor]:
    """Within the block what is inside exists too: for an actor who was shown the dispute itself.

    Gives the actor with the dispute's key, for queries of other apps that ask for keys.
    """
    bearer = replace(actor, holders=(*actor.holders, dispute.ring))
    with widened(bearer.areas, bearer.holders):
        yield bearer


def list_disputes(actor: Actor) -> QuerySet[Dispute]:
    """Those the officer has a hand in, or that lie at his desk; newest first."""
    rows = Dispute.objects.select_related(*JOINED).order_by("-registered_at", "-pk")
    return policy.visible(actor, Permission.DISPUTE_VIEW, rows)


@dataclass(frozen=True)
class Filter:
    states: tuple[str, ...] = ()
    mediator_user_id: int | None = None
    number: str = ""


def filter_disputes(actor: Actor, *, wanted: Filter) -> QuerySet[Dispute]:
    rows = list_disputes(actor)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.mediator_user_id is not None:
        rows = rows.filter(mediator__user=wanted.mediator_user_id)
    if number := wanted.number.strip().upper():
        rows = rows.filter(number=number)
    return rows


def get_dispute(actor: Actor, *, number: str) -> Dispute:
    """For an officer with a hand in it. For anybody else it does not exist."""
    return _one(list_disputes(actor), number=number.strip().upper())


def get_dispute_by_id(actor: Actor, *, dispute_id: int, locked: bool = False) -> Dispute:
    return _one(list_disputes(actor), locked=locked, pk=dispute_id)


def list_own_disputes(actor: Actor) -> QuerySet[Dispute]:
    """Those to which a resident is a party, by his telephone."""
    rows = Dispute.objects.select_related(*JOINED).order_by("-registered_at", "-pk")
    return policy.visible(actor, Permission.DISPUTE_OWN, rows)


def get_own_dispute(actor: Actor, *, number: str) -> Dispute:
    return _one(list_own_disputes(actor), number=number.strip().upper())


def get_own_dispute_by_id(actor: Actor, *, dispute_id: int, locked: bool = False) -> Dispute:
    return _one(list_own_disputes(actor), locked=locked, pk=dispute_id)


def get_dispute_for_job(actor: Actor, *, dispute_id: int) -> Dispute:
    """For the worker, whom row-level security lets through everywhere."""
    return _one(Dispute.objects.select_related(*JOINED), pk=dispute_id)


def _one(rows: QuerySet[Dispute], *, locked: bool = False, **found: object) -> Dispute:
    if locked:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(**found)
    except Dispute.DoesNotExist:
        raise NotFound(GONE) from None


def find_made_from(actor: Actor, *, source_key: str) -> str:
    """The number of the dispute that was made from this, or ''. A number, and nothing else."""
    with widened(EVERYWHERE):
        rows = Dispute.objects.filter(source_key=source_key)
        return rows.values_list("number", flat=True).first() or ""


def find_by_uuid(actor: Actor, *, client_uuid: Any) -> str:
    with widened(EVERYWHERE):
        rows = Dispute.objects.filter(client_uuid=client_uuid)
        return rows.values_list("number", flat=True).first() or ""


@dataclass(frozen=True)
class PartyLine:
    """A party as a page shows him: who exactly is opened one by one (`reveal_party`)."""

    id: int
    side: str
    name: str
    phone: str


@dataclass(frozen=True)
class Inside:
    """Everything a page of a dispute shows, read while it was open."""

    particulars: Particulars
    parties: Sequence[PartyLine]
    records: Sequence[Session]
    agreement: Agreement | None
    items: Sequence[FulfilmentItem]
    referrals: Sequence[Referral]
    changes: Sequence[Any]
    words: dict[int, str]
    clocks: Sequence[Any]
    looks: Sequence[Look]

    @property
    def amount(self) -> str:
        return yuan_words(self.particulars.amount_fen)


def look_inside(actor: Actor, *, dispute: Dispute, most: int = 200) -> Inside:
    """Of a dispute the actor was shown. Whoever calls puts the look on record."""
    agreed = bool(dispute.agreement_form)
    with opened(actor, dispute) as bearer:
        return Inside(
            particulars=Particulars.objects.get(dispute=dispute),
            parties=[party_line(one) for one in list_parties(bearer, dispute=dispute)],
            records=list_records(bearer, dispute=dispute),
            agreement=Agreement.objects.get(dispute=dispute) if agreed else None,
            items=list_items(bearer, dispute=dispute) if agreed else [],
            referrals=list(dispute.referrals.order_by("pk")) if not agreed else [],
            changes=list(list_changes(bearer, obj=dispute)[:most]),
            words=dict(dispute.remarks.order_by("pk").values_list("change_id", "words")),
            clocks=list(list_deadlines(bearer, obj=dispute)),
            looks=list_looks(
                bearer,
                target=dispute.number,
                area=dispute.audit_area,
                since=dispute.registered_at,
            ),
        )


def list_parties(actor: Actor, *, dispute: Dispute) -> list[Party]:
    """Within `opened`."""
    return list(dispute.parties.order_by("pk"))


def list_records(actor: Actor, *, dispute: Dispute) -> list[Session]:
    """Within `opened`; oldest first."""
    if not dispute.sessions:
        return []
    return list(dispute.records.order_by("held_on", "pk"))


def list_items(actor: Actor, *, dispute: Dispute) -> list[FulfilmentItem]:
    """Within `opened`."""
    return list(dispute.items.order_by("order"))


def party_line(party: Party) -> PartyLine:
    return PartyLine(party.pk, party.get_side_display(), mask_name(party.name), tail4(party.phone))


def list_masked_sides(actor: Actor, *, disputes: Iterable[Dispute]) -> dict[int, str]:
    """王某与李某, for the rows of a list the actor was shown: one statement for all of them."""
    shown = list(disputes)
    with widened(actor.areas, [*actor.holders, *(one.ring for one in shown)]):
        rows = Party.objects.filter(dispute__in=[one.pk for one in shown]).order_by("pk")
        names: dict[int, list[str]] = {}
        for party in rows:
            names.setdefault(party.dispute_id, []).append(mask_name(party.name))
    return {pk: "、".join(found) for pk, found in names.items()}


@dataclass(frozen=True)
class Running:
    label: str
    starts_at: datetime
    due_at: datetime


def list_first_clocks(actor: Actor, *, disputes: Iterable[Dispute]) -> dict[int, Running]:
    """The clock that runs out first, for the rows of a list the actor was shown."""
    shown = list(disputes)
    first: dict[int, Running] = {}
    with widened(actor.areas, [*actor.holders, *(one.ring for one in shown)]):
        ids = [one.pk for one in shown]
        rows = list_running_of(actor, workflow="dispute", object_ids=ids)
        for pk, label, starts, due in rows.values_list("object_id", "label", "starts_at", "due_at"):
            first.setdefault(pk, Running(label, starts, due))
    return first


@dataclass(frozen=True)
class OwnView:
    """What a party sees of his mediation: state, mediator, date; of the other side the name."""

    dispute: Dispute
    side: str
    others: Sequence[str]
    ways: Sequence[Referral] = ()
    confirm_by: datetime | None = None
    """Until when both may apply at the court together; None before, after, and once settled."""


def get_own_view(actor: Actor, *, number: str) -> OwnView:
    dispute = get_own_dispute(actor, number=number)
    own = Party.objects.filter(dispute=dispute, holders__overlap=list(actor.holders)).first()
    if own is None:
        raise NotFound(GONE)
    across = Side.RESPONDENT if own.side == Side.APPLICANT else Side.APPLICANT
    with opened(actor, dispute):
        rows = Party.objects.filter(dispute=dispute, side=across).order_by("pk")
        others = list(rows.values_list("name", flat=True))
        ways = list(dispute.referrals.order_by("pk"))
        running = list_running_of(actor, workflow="dispute", object_ids=[dispute.pk])
        confirm = running.filter(name="confirm").values_list("due_at", flat=True).first()
    return OwnView(dispute, own.get_side_display(), others, ways, confirm)


def count_own_disputes(actor: Actor) -> int:
    return list_own_disputes(actor).count()


def list_kinds(actor: Actor) -> QuerySet[DisputeKind]:
    return DisputeKind.objects.filter(active=True).order_by("order", "code")


def list_mediators(actor: Actor, *, area: str) -> QuerySet[Mediator]:
    """The register of an area, those out of use at the end."""
    rows = Mediator.objects.filter(area__within=area).select_related("division", "user")
    return rows.order_by("-active", "area", "name", "pk")


def list_candidates(actor: Actor, *, dispute: Dispute) -> list[Mediator]:
    """Who may be given this dispute: those who know its kind first, then by place and name."""
    rows = list_mediators(actor, area=dispute.office.path).filter(active=True)
    fitting = [one for one in rows if one.pk not in {*dispute.barred, dispute.mediator_id}]
    return sorted(fitting, key=lambda one: dispute.kind.code not in one.specialties)


def get_mediator(actor: Actor, *, mediator_id: int, locked: bool = False) -> Mediator:
    rows = Mediator.objects.select_related("division", "user")
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=mediator_id).first()
    if found is None:
        raise NotFound(NO_MEDIATOR)
    return found


def find_desk(actor: Actor, *, dispute: Dispute, at: datetime) -> list[int]:
    """The officers at the desk of its office."""
    return find_staff_for(
        actor,
        division_id=dispute.office_id,
        department_id=None,
        permission=Permission.DISPUTE_ASSIGN,
        at=at,
    )


def list_telephones(actor: Actor, *, dispute: Dispute) -> list[str]:
    """For the messages of the platform itself; officers use `reveal_party`. Within `opened`."""
    return [party.phone for party in list_parties(actor, dispute=dispute) if party.phone]


def find_remark(actor: Actor, *, change_id: int) -> str:
    """Within `opened`."""
    rows = Remark.objects.filter(change_id=change_id)
    return rows.values_list("words", flat=True).first() or ""

"""Ties, parcels and notices: what staff see, what the worker takes up."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.exchange.models import ExternalCase, Notice, Parcel
from yukuai.exchange.rules import PATIENCE
from yukuai.exchange.states import NoticeState, ParcelState
from yukuai.kernel.counting import compile_counts
from yukuai.kernel.errors import NotFound
from yukuai.workflow.queries import list_changes, list_log

if TYPE_CHECKING:
    from yukuai.cases.models import Case
    from yukuai.workflow.models import StateChange

P = Permission
CAP = 1000


def list_links_of(actor: Actor, *, case: "Case") -> QuerySet[ExternalCase]:
    """Of a matter the actor was already allowed to read."""
    rows = ExternalCase.objects.filter(case=case).select_related("system", "division")
    return rows.order_by("pk")


@dataclass(frozen=True)
class Tie:
    """How a matter stands with one outside system, for the page of the matter."""

    system: str
    number: str
    state: str
    stated_at: datetime | None
    origin: str
    waiting: int
    dead: int
    refused: int
    ended: str
    alike: tuple[str, ...]


def list_ties(actor: Actor, *, case: "Case") -> list[Tie]:
    """In one statement, whatever there is."""

    def letters(state: str) -> Count:
        return Count("parcels", Q(parcels__state=state), distinct=True)

    rows = list_links_of(actor, case=case).annotate(
        waiting=letters(ParcelState.WAITING),
        dead=letters(ParcelState.DEAD),
        refused=Count("notices", Q(notices__state=NoticeState.REFUSED), distinct=True),
    )
    return [
        Tie(
            system=link.system.name,
            number=link.number or link.external_id or "",
            state=link.state,
            stated_at=link.stated_at,
            origin=link.get_origin_display(),
            waiting=link.waiting,
            dead=link.dead,
            refused=link.refused,
            ended=link.ended_reason if link.ended_at else "",
            alike=tuple(link.alike),
        )
        for link in rows
    ]


def list_dead(actor: Actor) -> QuerySet[Parcel]:
    """What was not delivered after the last attempt, oldest first."""
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    rows = Parcel.objects.filter(state=ParcelState.DEAD)
    rows = rows.select_related("link__system", "link__case", "division")
    return policy.visible(actor, P.EXCHANGE_MANAGE, rows).order_by("pk")


def get_dead(actor: Actor, *, parcel_id: int) -> Parcel:
    found = list_dead(actor).filter(pk=parcel_id).first()
    if found is None:
        raise NotFound("这一封不在没送到的里面了。可能别人刚处理过。")
    return found


def list_refused(actor: Actor) -> QuerySet[Notice]:
    """What they said and we could not do, oldest first."""
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    rows = Notice.objects.filter(state=NoticeState.REFUSED)
    rows = rows.select_related("system", "link__case", "division")
    return policy.visible(actor, P.EXCHANGE_MANAGE, rows).order_by("pk")


def get_refused(actor: Actor, *, notice_id: int) -> Notice:
    found = list_refused(actor).filter(pk=notice_id).first()
    if found is None:
        raise NotFound("这一条不在待处理里面了。可能别人刚处理过。")
    return found


def words_of(actor: Actor, *, notice: Notice) -> str:
    """What they said, for whoever settles it."""
    return str(json.loads(notice.said).get("words", ""))


def count_dead(actor: Actor) -> int:
    return int(list_dead(actor).order_by().select_related(None)[: CAP + 1].count())


def count_refused(actor: Actor) -> int:
    return int(list_refused(actor).order_by().select_related(None)[: CAP + 1].count())


def trouble_rows(actor: Actor) -> dict[str, QuerySet[Any]]:
    """For the nav: dead letters and refused words, to be counted together with others."""
    if not actor.may(P.EXCHANGE_MANAGE):
        return {}
    found = {"dead": list_dead(actor), "refused": list_refused(actor)}
    return {
        name: rows.order_by().select_related(None).only("pk")[: CAP + 1]
        for name, rows in found.items()
    }


def count_troubles(actor: Actor) -> int:
    """Both together, up to the cap."""
    counts = compile_counts(**trouble_rows(actor)).ask()
    return min(sum(counts.values()), CAP + 1)


def list_changes_behind(actor: Actor, *, link: ExternalCase) -> list["StateChange"]:
    """Lines of our log that were not queued for them, oldest first. Of one matter ids follow the
    commits, for whoever writes holds the matter's lock."""
    rows = list_changes(actor, obj=link.case).filter(pk__gt=link.mark)
    return list(rows.order_by("pk"))


def list_with_news(actor: Actor, *, limit: int) -> list[int]:
    """Matters of open ties whose log went on: also where no event was published (notes)."""
    log = list_log(actor, workflow="case").order_by()
    news = log.filter(object_id=OuterRef("case"), pk__gt=OuterRef("mark"))
    rows = ExternalCase.objects.filter(Exists(news), ended_at=None).order_by("case")
    return list(rows.values_list("case", flat=True).distinct()[:limit])


def is_blocked(actor: Actor, *, parcel: Parcel) -> bool:
    """Something older of the same matter has not arrived yet."""
    older = Parcel.objects.filter(link=parcel.link_id, change_id__lt=parcel.change_id)
    return older.filter(state__in=[ParcelState.WAITING, ParcelState.DEAD]).exists()


def find_next_parcel(actor: Actor, *, link_id: int) -> Parcel | None:
    """The oldest that is not settled, if it waits."""
    rows = Parcel.objects.filter(link=link_id)
    first = (
        rows.filter(state__in=[ParcelState.WAITING, ParcelState.DEAD]).order_by("change_id").first()
    )
    return first if first is not None and first.state == ParcelState.WAITING else None


def find_link(actor: Actor, *, system_id: int, external_id: str) -> ExternalCase | None:
    rows = ExternalCase.objects.filter(system=system_id, external_id=external_id)
    return rows.select_related("system__division", "division").first()


def find_next_notice(actor: Actor, *, system_id: int, external_id: str) -> Notice | None:
    rows = Notice.objects.filter(
        system=system_id, external_id=external_id, state=NoticeState.WAITING
    )
    return rows.order_by("sequence", "pk").first()


def list_overdue_matters(actor: Actor, *, at: datetime, limit: int) -> list[tuple[int, str]]:
    """Matters of which words wait longer than a moment: a job was lost, or a gap stays open."""
    rows = Notice.objects.filter(state=NoticeState.WAITING, received_at__lt=at - PATIENCE)
    found = rows.order_by("system", "external_id").values_list("system", "external_id").distinct()
    return list(found[:limit])


def list_living(actor: Actor, *, system_id: int, since: datetime) -> list[ExternalCase]:
    """Of a system: the ties that are open, or were made or spoken of since a moment."""
    rows = ExternalCase.objects.filter(system=system_id)
    recent = Q(ended_at=None) | Q(created_at__gte=since) | Q(stated_at__gte=since)
    return list(rows.filter(recent).select_related("case").order_by("pk"))

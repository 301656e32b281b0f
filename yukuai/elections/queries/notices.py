from dataclasses import dataclass

from django.db.models import Count, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.elections.models import Announcement, Election, Spot
from yukuai.kernel.errors import NotFound


def list_notices(actor: Actor, *, election: Election) -> QuerySet[Announcement]:
    """In order of their numbers; `posted` is at how many places each is seen to hang."""
    rows = Announcement.objects.filter(election=election).annotate(posted=Count("postings"))
    return rows.order_by("pk")


def get_notice(actor: Actor, *, election: Election, notice_id: int) -> Announcement:
    found = Announcement.objects.filter(election=election, pk=notice_id).first()
    if found is None:
        raise NotFound("没有这份公告。请回到这次选举的页面重新选。")
    return found


@dataclass(frozen=True)
class Unposted:
    notice: Announcement
    spots: tuple[Spot, ...]
    """Where no photograph shows it yet."""


def list_unposted(
    actor: Actor, *, notices: list[Announcement], spots: list[Spot], posted: set[tuple[int, int]]
) -> list[Unposted]:
    """The announcements that are still missing somewhere; `posted` has notice and spot."""
    found = []
    for notice in notices:
        rest = tuple(spot for spot in spots if (notice.pk, spot.pk) not in posted)
        if rest:
            found.append(Unposted(notice, rest))
    return found

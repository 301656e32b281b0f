from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from yukuai.accounts.policy import Actor
from yukuai.elections.models import Announcement, Election
from yukuai.elections.tiles import hanging
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound


@dataclass(frozen=True)
class Posted:
    """An announcement, and at how many places it is seen to hang."""

    notice: Announcement
    posted: int


def list_notices(actor: Actor, *, election: Election) -> list[Posted]:
    """In order of their numbers."""
    rows = Announcement.objects.filter(election=election).annotate(posted=Count("postings"))
    rows = rows.select_related("document").order_by("pk")
    return [Posted(one, one.posted) for one in rows]


def get_notice(actor: Actor, *, election: Election, notice_id: int) -> Announcement:
    found = Announcement.objects.filter(election=election, pk=notice_id).first()
    if found is None:
        raise NotFound("没有这份公告。请回到这次选举的页面重新选。")
    return found


def list_hanging(actor: Actor, *, division_id: int, at: datetime) -> list[Announcement]:
    """What hangs in a community that day, the newest first."""
    rows = hanging(actor, today(at)).filter(division_id=division_id)
    return list(rows.select_related("division", "election").order_by("-pk"))

"""A roster for the demo's community: this week and the next, its people in turn, one gap left.

The gap is Sunday evening's of the next week, so that messages of a fresh demo find somebody.
"""

from datetime import datetime, timedelta
from itertools import cycle

from yukuai.accounts.policy import SYSTEM
from yukuai.divisions.queries import resolve_code
from yukuai.kernel.clock import today
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.roster import actions
from yukuai.roster.queries import get_desk, list_candidates, list_rows, list_shifts
from yukuai.roster.rules import monday_of

COMMUNITY = "500103011014"


def seed_roster(at: datetime) -> None:
    """Running it again changes nothing: a window with shifts is left as it is."""
    place = resolve_code(SYSTEM, code=COMMUNITY).today[0]
    with scope(EVERYWHERE):
        desk = get_desk(SYSTEM, division_id=place.pk)
        known = list_shifts(SYSTEM, desk=desk).exists()
        posts = [post.pk for post in list_candidates(SYSTEM, desk=desk, at=at)]
    if known or not posts:
        return
    actions.use_default_shifts(SYSTEM, division_id=place.pk, at=at)
    this = monday_of(today(at))
    with scope(EVERYWHERE):
        weeks = [
            list_rows(SYSTEM, desk=desk, monday=this + timedelta(7 * n), at=at) for n in (0, 1)
        ]
    cells = [cell for week in weeks for row in week for cell in row.cells if not cell.over]
    for cell, post_id in zip(cells[:-1], cycle(posts), strict=False):
        actions.assign(SYSTEM, shift_id=cell.shift.pk, day=cell.day, post_id=post_id, at=at)

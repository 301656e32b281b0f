"""Announcements are posted where they must hang, and put right under their own number."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError

from yukuai.accounts.policy import Actor, Permission
from yukuai.documents.actions import store_image
from yukuai.documents.kinds import AttachmentKind
from yukuai.elections.actions._steps import a_day, announce, lock, move, required, trace
from yukuai.elections.models import Announcement, Election, Posting, Spot
from yukuai.elections.queries import get_notice
from yukuai.elections.states import ElectionState, NoticeKind
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.workflow.actions import remember

P = Permission
SUBJECT = "election-notice"


@action
def post_notice(
    actor: Actor,
    *,
    number: str,
    notice_id: int,
    spot_id: int,
    picture: Any,
    posted_on: date,
    at: datetime,
) -> Election:
    """A photograph shows it where it hangs. The first of the roll opens the term for objections."""
    election = lock(actor, number, P.ELECTION_RUN)
    notice = get_notice(actor, election=election, notice_id=notice_id)
    spot = Spot.objects.filter(election=election, pk=spot_id).first()
    if spot is None:
        raise NotFound("没有这个张贴点。请回到公告页面重新选。")
    a_day(posted_on, field="posted_on", after=notice.issued_on, before=today(at))
    photo = store_image(
        actor,
        place_of=election,
        subject=SUBJECT,
        object_id=notice.pk,
        upload=picture,
        kind=AttachmentKind.SCENE,
        at=at,
    )
    _insert(election, notice, spot, photo.pk, posted_on, actor.label)
    trace(actor, election, "post", at=at, purpose=f"{notice.number} {spot.name}")
    if notice.kind == NoticeKind.ROLL and election.state == ElectionState.ROLL_PUBLISHED:
        move(actor, election, "begin_objections", at=at)
    return election


def _insert(
    election: Election, notice: Announcement, spot: Spot, photo_id: int, day: date, by: str
) -> None:
    try:
        Posting.objects.create(
            notice=notice,
            division=election.division,
            spot=spot,
            posted_on=day,
            attachment_id=photo_id,
            by=by,
        )
    except IntegrityError as error:
        if "posting_once_a_spot" not in str(error):
            raise
        raise Conflict(f"“{spot.name}”这一处已经有照片了。") from error


@action
def correct_notice(
    actor: Actor, *, number: str, notice_id: int, body: str, at: datetime
) -> Announcement:
    """The same number, （更正）: what was wrong stays on record."""
    election = lock(actor, number, P.ELECTION_RUN)
    if not election.living:
        raise Conflict("这次选举已经终止，不能再出公告。")
    wrong = get_notice(actor, election=election, notice_id=notice_id)
    if Announcement.objects.filter(corrects=wrong).exists():
        raise Conflict("这份公告已经更正过。要再更正，请更正最新的那一份。")
    lines = [line.strip() for line in body.replace("\x00", "").splitlines() if line.strip()]
    if not lines:
        raise InvalidInput("写明更正后的全文。", fields={"body": "写明更正后的全文。"})
    for line in lines:
        required(line, field="body", sentence="")
    made = announce(
        actor,
        election,
        NoticeKind(wrong.kind),
        wrong.title,
        lines,
        at=at,
        until=wrong.down_on,
        corrects=wrong,
    )
    remember(actor, election, move="correct", at=at, notice=wrong.number)
    trace(actor, election, "correct", at=at, purpose=wrong.number)
    return made

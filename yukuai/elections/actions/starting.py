"""A township begins an election; who guides it, and who runs it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection

from yukuai.accounts.policy import Actor, Permission, require
from yukuai.divisions.queries import get_division
from yukuai.divisions.states import DivisionKind
from yukuai.elections import papers
from yukuai.elections.actions._steps import (
    YEAR,
    a_day,
    announce,
    did,
    head_of,
    keep_paper,
    lock_going,
    move,
    optional,
    refuse,
    required,
    set_clocks,
    trace,
)
from yukuai.elections.models import Election, Meeting, Member, Spot
from yukuai.elections.schedule import Step
from yukuai.elections.states import Body, Chair, MeetingKind, NoticeKind
from yukuai.engines.tally.packs import Rules
from yukuai.kernel.actions import action
from yukuai.kernel.clock import SHANGHAI, today
from yukuai.kernel.errors import Conflict, InvalidInput, Unavailable
from yukuai.workflow.actions import remember
from yukuai.workflow.queries import get_calendar, get_rule_pack

if TYPE_CHECKING:
    from yukuai.workflow.models import RulePack

P = Permission
MOST_MEMBERS, MOST_SPOTS = 25, 40


@dataclass(frozen=True)
class Met:
    """A meeting as it is told: of what kind, when, how many were to come, came and agreed."""

    kind: str
    held_on: date
    entitled: int
    present: int
    agreed: int

    @property
    def words(self) -> str:
        return MeetingKind(self.kind).label


@dataclass(frozen=True)
class Chosen:
    """One of those a meeting chose, in order; without an office he is in reserve."""

    name: str
    office: str = ""


@action
def start_election(
    actor: Actor,
    *,
    division_id: int,
    body: str,
    term: int,
    day: date,
    timing: str = "",
    at: datetime,
) -> Election:
    """By the township, for one of its communities. The rules in force on election day are pinned.
    Raises Conflict where one of this year goes on already."""
    division = get_division(actor, division_id=division_id)
    election = Election(division=division, area=division.path)
    require(actor, P.ELECTION_GUIDE, election)
    if division.kind != DivisionKind.COMMUNITY or division.valid_to is not None:
        raise InvalidInput("选一个村或者社区。", fields={"division": "选一个村或者社区。"})
    if body not in Body.values:
        raise InvalidInput("选村民委员会还是居民委员会。", fields={"body": "选一个。"})
    if not 1 <= term <= 99:
        raise InvalidInput("届次填 1 到 99。", fields={"term": "届次填 1 到 99。"})
    a_day(day, field="day", after=today(at), before=today(at) + YEAR)
    election.body, election.term, election.day = body, term, day
    election.cycle = str(day.year)
    election.timing = optional(timing, field="timing")
    _pin_rules(actor, election)
    election.number, election.started_by, election.started_at = _next_number(at), actor.label, at
    _insert(election, at)
    remember(actor, election, move="start", at=at, day=str(day))
    trace(actor, election, "start", at=at)
    set_clocks(actor, election, at=at)
    return election


def _pin_rules(actor: Actor, election: Election) -> None:
    def pack(subject: str) -> "RulePack":
        noon = datetime.combine(election.day, time(12), SHANGHAI)
        return get_rule_pack(actor, subject=subject, area=election.area, at=noon)

    election.count_pack = pack("elections-count")
    election.law_pack = pack(f"elections-{election.body}")
    try:
        election.local_pack = pack(f"elections-{election.body}-local")
    except Unavailable:
        election.local_pack = None
    _check_rules(election.rules)


def _check_rules(rules: Rules) -> None:
    missing = [
        name
        for name in ("roll_published", "roll_objection", "roll_decision", "handover")
        if not rules.says(name)
    ]
    if missing:
        raise Conflict(f"规则包没有写 {'、'.join(missing)}，请系统管理员补上再开始。")


def _insert(election: Election, at: datetime) -> None:
    election.changed_at = at
    try:
        election.save(force_insert=True)
    except IntegrityError as error:
        if "election_once_a_cycle" not in str(error):
            raise
        raise Conflict(
            f"{election.division.name}{election.cycle}年的换届已经有一个任务。"
            "要重新选举的，先终止原来的。"
        ) from error


def _next_number(at: datetime) -> str:
    """XJ-YYYY-NNNNNN: from a sequence, so that two who begin do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('elections_number')")
        (serial,) = cursor.fetchone()
    return f"XJ-{at.astimezone(SHANGHAI):%Y}-{serial:06d}"


@action
def set_guidance(
    actor: Actor, *, number: str, document: str, trained_on: date, upload: Any = None, at: datetime
) -> Election:
    """The body that guides it exists, by this document; those who work in it were trained."""
    election = lock_going(actor, number, P.ELECTION_GUIDE, at)
    document = required(
        document, field="document", sentence="写明成立文件的名称和文号。", like="document"
    )
    a_day(trained_on, field="trained_on", after=today(at) - YEAR, before=today(at))
    keep_paper(actor, election, upload, at=at)
    move(actor, election, "set_guidance", at=at, document=document, trained_on=str(trained_on))
    return election


@action
def form_committee(
    actor: Actor,
    *,
    number: str,
    met: Met,
    chosen: Sequence[Chosen],
    spots: Sequence[str],
    place: str,
    upload: Any = None,
    at: datetime,
) -> Election:
    """By the meeting that chose it; `spots` are the places where announcements hang, `place` where
    one asks. Announcement 1 goes out."""
    election = lock_going(actor, number, P.ELECTION_GUIDE, at)
    note_meeting(election, Step.COMMITTEE, met, at=at)
    members = _members(election, chosen)
    election.place = required(
        place, field="place", sentence="写明到哪里咨询：地点和时间。", like="place"
    )
    for name in _spots(spots):
        Spot.objects.create(election=election, division=election.division, name=name)
    for place_in_list, one in enumerate(members, start=1):
        Member.objects.create(
            election=election,
            division=election.division,
            place=place_in_list,
            name=one.name,
            office=one.office,
            since=met.held_on if one.office else None,
        )
    keep_paper(actor, election, upload, at=at)
    did(election, Step.COMMITTEE, met.held_on)
    move(actor, election, "form_committee", at=at)
    until = get_calendar(actor).next_working(today(at) + _objection_days(election))
    serving = [(one.name, Chair(one.office).label) for one in members if one.office]
    body = papers.committee(head_of(election), serving, met.words, until)
    title = f"关于公布{head_of(election).people}选举委员会组成人员的公告"
    announce(actor, election, NoticeKind.COMMITTEE, title, body, at=at)
    set_clocks(actor, election, at=at)
    return election


def _objection_days(election: Election) -> timedelta:
    rules = election.rules
    name = "committee_objection" if rules.says("committee_objection") else "roll_objection"
    return timedelta(days=rules.days(name))


def note_meeting(election: Election, step: Step, met: Met, *, at: datetime) -> None:
    """Raises InvalidInput where it had too few people, or too few agreed."""
    refuse(_miscounted(met, at) or _too_few(met, election.rules))
    Meeting.objects.create(
        election=election,
        division=election.division,
        about=step,
        kind=met.kind,
        held_on=met.held_on,
        entitled=met.entitled,
        present=met.present,
        agreed=met.agreed,
    )


def _miscounted(met: Met, at: datetime) -> dict[str, str]:
    faults = {}
    if met.kind not in MeetingKind.values:
        faults["kind"] = "选一种会议。"
    if met.held_on > today(at):
        faults["held_on"] = "会议要在今天或以前开过。"
    if not 0 < met.present <= met.entitled:
        faults["present"] = "到会人数要在 1 和应到人数之间。"
    if not 0 <= met.agreed <= met.present:
        faults["agreed"] = "同意人数不能多于到会人数。"
    return faults


def _too_few(met: Met, rules: Rules) -> dict[str, str]:
    """A meeting of delegates by its article; any other by more than half of those who came."""
    if met.kind == MeetingKind.DELEGATES and rules.says("delegates_quorum"):
        came, agreed = rules.share("delegates_quorum"), rules.share("delegates_pass")
        law = rules.cite("delegates_quorum")
        if not came.holds(met.present, met.entitled):
            return {"present": f"到会不够：要应到人数的{came}（{law}）。"}
        if not agreed.holds(met.agreed, met.present):
            return {"agreed": f"同意的不够：要到会人数的{agreed}（{law}）。"}
        return {}
    if 2 * met.agreed <= met.present:
        return {"agreed": "同意的人没有过到会人数的一半。"}
    return {}


def _members(election: Election, chosen: Sequence[Chosen]) -> list[Chosen]:
    """One chair, each name once. Raises InvalidInput."""
    found = [
        Chosen(required(one.name, field="members", sentence="", like="name"), one.office)
        for one in chosen
        if one.name.strip()
    ]
    offices = (
        election.rules.codes("committee_offices")
        if election.rules.says("committee_offices")
        else ("CHAIR", "MEMBER")
    )
    sentence = ""
    if sum(one.office == Chair.CHAIR for one in found) != 1:
        sentence = "主任是 1 人。"
    elif len({one.name for one in found}) != len(found):
        sentence = "有人写了两次。同名同姓的，在名字后面注明小组。"
    elif len(found) > MOST_MEMBERS:
        sentence = f"最多写 {MOST_MEMBERS} 人。"
    elif any(one.office and one.office not in offices for one in found):
        sentence = "这部法律没有规定选举委员会设副主任。"
    elif sum(bool(one.office) for one in found) < 3:
        sentence = "至少写 3 名成员：主任和委员。"
    refuse({"members": sentence} if sentence else {})
    return found


def _spots(typed: Sequence[str]) -> list[str]:
    names = [required(one, field="spots", sentence="", like="spot") for one in typed if one.strip()]
    sentence = ""
    if not names:
        sentence = "写明公告张贴在哪些地方，一行一处。"
    elif len(set(names)) != len(names):
        sentence = "有一处写了两次。"
    elif len(names) > MOST_SPOTS:
        sentence = f"最多 {MOST_SPOTS} 处。"
    refuse({"spots": sentence} if sentence else {})
    return names


@action
def replace_member(
    actor: Actor, *, number: str, member_id: int, why: str, at: datetime
) -> Election:
    """A member leaves, the next in reserve moves up into his office, and it is announced."""
    election = lock_going(actor, number, P.ELECTION_RUN, at)
    why = required(why, field="why", sentence="写明为什么退出。", like="why")
    rows = Member.objects.filter(election=election, left_on=None).select_for_update()
    leaving = rows.filter(pk=member_id, since__isnull=False).first()
    if leaving is None:
        raise Conflict("这个人已经不在选举委员会了。")
    next_one = rows.filter(since=None).order_by("place").first()
    if leaving.office == Chair.CHAIR and next_one is None:
        raise Conflict("主任退出，要先补选：没有可以递补的人。")
    office, leaving.left_on, leaving.left_why = leaving.office, today(at), why
    leaving.save(update_fields=["left_on", "left_why"])
    if next_one is not None:
        next_one.since, next_one.office = today(at), office
        next_one.save(update_fields=["since", "office"])
    remember(actor, election, move="replace-member", at=at, reason=why, member=leaving.place)
    trace(actor, election, "replace-member", at=at)
    joined = f"{next_one.name}（{Chair(office).label}）" if next_one else ""
    body = papers.members_changed(head_of(election), leaving.name, why, joined)
    title = f"关于{head_of(election).people}选举委员会成员变更的公告"
    announce(actor, election, NoticeKind.MEMBERS, title, body, at=at)
    return election

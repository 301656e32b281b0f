"""Matters as service requests: the public gist, and with a key what its client declared."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.http import QueryDict

from yukuai.accounts.policy import Actor, Permission
from yukuai.api.open311.errors import refuse
from yukuai.api.open311.forms import RequestsIn
from yukuai.api.open311.places import find_jurisdictions
from yukuai.api.open311.rendering import moment
from yukuai.api.open311.services import check_codes
from yukuai.api.open311.statuses import CLOSED, OPEN, TO_PLACE, states_of, status_of
from yukuai.audit.actions import record
from yukuai.cases.gists import Gist, Wanted, find_gists, list_gists, list_whole_cases
from yukuai.cases.public import DECLARABLE
from yukuai.divisions.rules import SEPARATOR
from yukuai.kernel.clock import SHANGHAI

SPAN = timedelta(days=90)
MOST = 1000
MOST_NAMED = 50
LAST_PAGE = 10_000
YEARS = range(2000, 2201)


def list_requests(
    actor: Actor, form: RequestsIn, query: QueryDict, *, at: datetime
) -> list[dict[str, Any]]:
    """By number, with what the key opens; or by place, kind, time and status, without content."""
    districts = find_jurisdictions(actor, code=form.jurisdiction_id)
    if named := _named(query, "service_request_id"):
        return describe(actor, named, at=at)
    codes, words = _named(query, "service_code"), set(_named(query, "status"))
    check_codes(actor, codes=codes)
    if not words <= {OPEN, CLOSED}:
        raise refuse(400, "status 只有 open 和 closed。", "status is not valid: open or closed.")
    since, until = _span(form.start_date, form.end_date, at)
    wanted = Wanted(
        since=since,
        until=until,
        areas=tuple(district.path for district in districts),
        category_codes=tuple(codes),
        states=states_of(words) if len(words) == 1 else (),
    )
    size = _count("page_size", form.page_size, default=MOST, most=MOST)
    page = _count("page", form.page, default=1, most=LAST_PAGE)
    gists = list_gists(actor, wanted=wanted, offset=(page - 1) * size, limit=size)
    return [_request(gist, {}) for gist in gists]


def describe(actor: Actor, numbers: Sequence[str], *, at: datetime) -> list[dict[str, Any]]:
    """Those that there are. Each look at what was said is on record for the person concerned."""
    if len(numbers) > MOST_NAMED:
        words = f"service_request_id 一次最多 {MOST_NAMED} 个。"
        raise refuse(400, words, f"service_request_id: at most {MOST_NAMED} at once.")
    gists = find_gists(actor, numbers=numbers)
    opened = _open(actor, [gist.number for gist in gists], at)
    return [_request(gist, opened.get(gist.number, {})) for gist in gists]


def _open(actor: Actor, numbers: Sequence[str], at: datetime) -> dict[str, dict[str, Any]]:
    """The declared fields of what lies in the client's place."""
    if actor.kind != "client" or not actor.may(Permission.API_READ):
        return {}
    fields = [name for name in DECLARABLE if name in actor.details["fields"]]
    opened = {}
    for case in list_whole_cases(actor, numbers=numbers) if fields else ():
        record(
            actor,
            act="api.case.read",
            target=case.number,
            area=case.area,
            at=at,
            purpose=actor.details["purpose"],
            holders=case.holders,
            fields=fields,
        )
        opened[case.number] = {name: getattr(case, name) for name in fields}
        if "place_text" in fields:
            opened[case.number] |= {"lat": case.lat, "long": case.lon}
    return opened


def _request(gist: Gist, opened: dict[str, Any]) -> dict[str, Any]:
    status = status_of(gist.state)
    note = TO_PLACE if gist.to_place and status.word == OPEN else status.note
    ended = gist.closed_at if status.word == CLOSED else None
    place = "，".join(reversed(gist.place.split(SEPARATOR)))
    exact = opened.get("place_text") or ""
    return {
        "service_request_id": gist.number,
        "status": status.word,
        "status_notes": opened.get("answer") or note,
        "service_name": gist.category_name,
        "service_code": gist.category_code,
        "description": opened.get("body"),
        "agency_responsible": gist.unit,
        "service_notice": None,
        "requested_datetime": moment(gist.received_at),
        "updated_datetime": moment(ended or gist.changed_at),
        "expected_datetime": moment(gist.promised_at),
        "address": f"{exact}，{place}" if exact else place,
        "address_id": None if gist.to_place else gist.division_code,
        "zipcode": None,
        "lat": opened.get("lat"),
        "long": opened.get("long"),
        "media_url": None,
    }


def _named(query: QueryDict, name: str) -> list[str]:
    """Comma delimited, or declared several times, or both."""
    words = ",".join(query.getlist(name)).replace("\x00", "").split(",")
    return [word.strip() for word in words if word.strip()]


def _span(start: str, end: str, at: datetime) -> tuple[datetime, datetime]:
    """At most 90 days; one end alone takes the 90 days on its side, none the most recent."""
    since = _moment("start_date", start, time.min)
    until = _moment("end_date", end, time.max)
    if since is None and until is None:
        return at - SPAN, at
    since = since or (until or at) - SPAN
    until = until or since + SPAN
    if until < since:
        raise refuse(400, "end_date 早于 start_date。", "end_date is before start_date.")
    if until - since > SPAN + timedelta(days=1):
        words = "start_date 到 end_date 最多 90 天。"
        raise refuse(400, words, "start_date to end_date may not span more than 90 days.")
    return since, until


def _moment(name: str, text: str, of_day: time) -> datetime | None:
    """With its zone; a plain day is a day in Chongqing. A “+” that came as a blank is put back."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise _no_moment(name) from None
    if len(text) == len("2026-03-02"):
        found = datetime.combine(found.date(), of_day, SHANGHAI)
    if found.tzinfo is None or found.year not in YEARS:
        raise _no_moment(name)
    return found


def _no_moment(name: str) -> Exception:
    words = f"{name} 要写带时区的时间，例如 2026-03-02T12:00:00+08:00。"
    return refuse(400, words, f"{name} is not valid: W3C date and time with zone.")


def _count(name: str, text: str, *, default: int, most: int) -> int:
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    raise refuse(400, f"{name} 要写 1 到 {most} 的整数。", f"{name} is not valid: 1 to {most}.")

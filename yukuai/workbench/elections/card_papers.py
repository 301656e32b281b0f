"""What is printed of voter cards: the cards themselves, and the register that is signed."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.documents.typesetting import make_pdf, qr_svg
from yukuai.elections.cards import Stamp, compose, said, sheets, short_id
from yukuai.elections.papers import full
from yukuai.elections.queries import get_carded, list_cards
from yukuai.elections.schedule import said_day
from yukuai.elections.states import CardState
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.crypto import sign
from yukuai.kernel.errors import NotFound
from yukuai.workbench.fields import tidy

P = Permission
A_PAGE = 8
MASK = 3
NOTHING = "这里没有要打印的选民证。请回到选民证页面重新选。"
NO_STATION = "见投票公告"


def _chosen(request: Any, election: Any) -> list[Any]:
    """Of a house, of a group or of all; `which=waiting` leaves out what is handed out."""
    group = request.GET.get("group")
    state = CardState.MADE if request.GET.get("which") == "waiting" else ""
    rows = list_cards(
        request.actor,
        election=election,
        group=tidy(group) if group is not None else None,
        house=tidy(request.GET.get("house"), most=120),
        state=state,
    )
    if not rows:
        raise NotFound(NOTHING)
    return rows


@staff(P.ELECTION_RUN)
@require_safe
@never_cache
def printed(request: Any, number: str) -> HttpResponse:
    """Eight to a page; a group begins a page of its own."""
    election = get_carded(request.actor, number=number)
    rows = _chosen(request, election)
    station = tidy(request.GET.get("station"), most=24) or NO_STATION
    day = full(election.day)
    found = [_card(election, one, station) for one in rows]
    facts = {
        "title": f"{election.division.name}选民证",
        "election": _heading(election),
        "day": day,
        "issuer": election.committee_name,
        "foot": "沿裁切线裁开",
        "sheets": [_sheet(one) for one in sheets(found, by="group", a_page=A_PAGE)],
    }
    return _paper(request, election, "voter-cards", facts, f"打印选民证 {len(rows)} 张")


def _heading(election: Any) -> str:
    return f"{election.division.name}{election.title}选举"


def _card(election: Any, one: Any, station: str) -> dict[str, str]:
    stamp = Stamp(short_id(election.number), one.code)
    return {
        "group": _group(one),
        "name": one.voter.name,
        "number": f"{one.number:04}",
        "station": station,
        "code": said(one.code),
        "qr": qr_svg(compose(stamp, sign), mask=MASK),
    }


def _group(one: Any) -> str:
    return one.voter.group or "其他"


def _sheet(one: dict[str, Any]) -> dict[str, Any]:
    numbers = sorted(card["number"] for card in one["cards"])
    span = f"编号 {numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else f"编号 {numbers[0]}"
    return {**one, "page": str(one["page"]), "of": str(one["of"]), "span": span}


@staff(P.ELECTION_RUN)
@require_safe
@never_cache
def register(request: Any, number: str) -> HttpResponse:
    """发证登记: a line for each card, with room for the signature."""
    election = get_carded(request.actor, number=number)
    rows = _chosen(request, election)
    facts = {
        "title": "选民证发证登记",
        "lead": _heading(election),
        "foot": f"{election.committee_name}　{said_day(today(clock.now()))}",
        "groups": _groups(rows),
    }
    return _paper(request, election, "card-register", facts, f"打印发证登记 {len(rows)} 行")


def _groups(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, str]]] = {}
    for one in rows:
        line = {"number": f"{one.number:04}", "name": one.voter.name, "home": one.voter.home}
        found.setdefault(_group(one), []).append(line)
    return [{"name": name, "cards": lines} for name, lines in found.items()]


def _paper(
    request: Any, election: Any, template: str, facts: dict[str, Any], purpose: str
) -> HttpResponse:
    record(
        request.actor,
        act=f"election.print-{template}",
        target=election.number,
        area=election.area,
        at=clock.now(),
        purpose=purpose,
    )
    answer = HttpResponse(make_pdf(f"v1/{template}.typ", facts), content_type="application/pdf")
    name = f"{election.number}-{template}.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer

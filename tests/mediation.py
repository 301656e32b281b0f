"""Disputes for tests: who acts, with which keys, and one right way to make each move."""

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.casework import places
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.people import officer, resident
from yukuai.accounts.actors import phone_key, staff_actor
from yukuai.accounts.models import User
from yukuai.accounts.policy import Actor, Role
from yukuai.disputes import actions
from yukuai.disputes.actions.agreeing import Promised
from yukuai.disputes.actions.registering import Person, Quarrel
from yukuai.disputes.models import Dispute, DisputeKind, Mediator, Party
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack

__all__ = ["places"]
WANG, LI = "19900000601", "19900000602"
APPLICANT = resident(801, phone_key(WANG))
RESPONDENT = resident(802, phone_key(LI))
STRANGER = resident(803, phone_key("19900000603"))

POSTS = {
    "registrar": (11, Role.COMMUNITY_STAFF, 112),
    "colleague": (12, Role.COMMUNITY_STAFF, 112),
    "mediator": (13, Role.MEDIATOR, 112),
    "second": (14, Role.MEDIATOR, 12),
    "town": (21, Role.TOWNSHIP_OP, 12),
    "justice": (22, Role.JUSTICE_OP, 12),
    "neighbour": (31, Role.MEDIATOR, 113),
    "other_justice": (41, Role.JUSTICE_OP, 111),
    "bureau": (51, Role.JUSTICE_OP, 2),
    "district": (52, Role.DISTRICT_OP, 2),
    "city": (53, Role.CITY_OP, 1),
    "grid": (71, Role.GRID_WORKER, 112),
    "admin": (81, Role.SYS_ADMIN, 1),
    "security": (82, Role.SEC_ADMIN, 1),
}
PACK = Path(__file__).parents[1] / "seed/rulepacks/dispute-2026.toml"


@pytest.fixture
def staff(places: Any) -> dict[str, Actor]:
    """The officers as the middleware builds them, with the keys of their desks."""
    found = {}
    for name, (user_id, role, division) in POSTS.items():
        user = User.objects.filter(pk=user_id).first() or make_staff(
            f"u{user_id}", id=user_id, display_name="周晓"
        )
        post = make_post(user, role, places[division])
        found[name] = staff_actor(user, post)
    return found


@pytest.fixture
def dispute_pack(db: None) -> RulePack:
    raw = tomllib.loads(PACK.read_text(encoding="utf-8"))
    params = {"terms": raw["terms"], "limits": raw["limits"]}
    return RulePack.objects.create(
        subject="dispute",
        code="DISPUTE-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params=params,
        source="test",
    )


@pytest.fixture
def kinds(db: None) -> None:
    for order, (code, name) in enumerate([("neighbour", "邻里纠纷"), ("property", "物业纠纷")]):
        DisputeKind.objects.create(code=code, name=name, source="test", order=order)


@pytest.fixture
def mediators(staff: Any, places: Any, kinds: None) -> dict[str, Mediator]:
    """On the register: one of the community, one of the township, one of the next community."""
    rows = {"mediator": 112, "second": 12, "neighbour": 113}
    return {
        name: Mediator.objects.create(
            user_id=POSTS[name][0],
            division=places[division],
            name=f"调解员{name}",
            specialties=["neighbour"] if name == "second" else [],
            since=date(2025, 1, 1),
        )
        for name, division in rows.items()
    }


def quarrel(**changes: Any) -> Quarrel:
    words: dict[str, Any] = {
        "client_uuid": uuid4(),
        "division_id": 112,
        "kind": "neighbour",
        "about": "楼上漏水泡坏了天花板。",
        "parties": (Person("applicant", "王小满", WANG), Person("respondent", "李大有", LI)),
        "amount_fen": 120_000,
    }
    return Quarrel(**{**words, **changes})


@pytest.fixture
def registered(staff: Any, mediators: Any, dispute_pack: Any) -> Callable[..., Dispute]:
    def make(actor: str = "registrar", at: Any = NOON, **changes: Any) -> Dispute:
        found = actions.register_dispute(staff[actor], quarrel=quarrel(**changes), at=at)
        return read(found.pk)

    return make


def read(dispute_id: int) -> Dispute:
    with scope(EVERYWHERE):
        return Dispute.objects.select_related(
            "kind", "mediator__division", "office", "division"
        ).get(pk=dispute_id)


def party_of(dispute: Dispute, side: str) -> Party:
    with scope(EVERYWHERE):
        return Party.objects.get(dispute=dispute, side=side)


Steps = dict[str, Callable[[Dispute], object]]
DAY = NOON.date()


@pytest.fixture
def steps(staff: Any, mediators: Any) -> Steps:
    """One right way to make each move. Whoever mediates does what a mediator does."""

    def mediator(dispute: Dispute) -> Actor:
        now = read(dispute.pk).mediator
        name = next((n for n, m in mediators.items() if now and m.pk == now.pk), "mediator")
        return staff[name]

    def free(dispute: Dispute) -> int:
        row = read(dispute.pk)
        taken = {*row.barred, row.mediator_id}
        return next(one.pk for one in mediators.values() if one.pk not in taken)

    justice, at = staff["justice"], NOON
    tomorrow = NOON + timedelta(days=1)
    return {
        "assign": lambda d: actions.assign_mediator(
            justice, dispute_id=d.pk, mediator_id=free(d), at=at
        ),
        "reassign": lambda d: actions.reassign_mediator(
            justice, dispute_id=d.pk, mediator_id=free(d), reason="生病了。", at=at
        ),
        "recuse": lambda d: actions.recuse(
            mediator(d), dispute_id=d.pk, reason="是一方的亲戚。", at=at
        ),
        "refuse": lambda d: actions.refuse_mediator(RESPONDENT, dispute_id=d.pk, at=at),
        "record_refusal": lambda d: actions.record_refusal(
            justice, dispute_id=d.pk, party_id=party_of(d, "respondent").pk, at=at
        ),
        "investigate": lambda d: actions.investigate(mediator(d), dispute_id=d.pk, at=at),
        "inquire": lambda d: actions.note_inquiry(
            mediator(d), dispute_id=d.pk, words="看过现场，楼上水管老化。", at=at
        ),
        "mediate": lambda d: actions.open_mediation(
            mediator(d), dispute_id=d.pk, next_at=tomorrow, place="社区调解室", at=at
        ),
        "hold_session": lambda d: actions.hold_session(
            mediator(d),
            dispute_id=d.pk,
            held_on=DAY,
            record="双方都愿意各让一步。",
            present=[party_of(d, "applicant").pk, party_of(d, "respondent").pk],
            at=at,
        ),
        "agree": lambda d: actions.agree(
            mediator(d),
            dispute_id=d.pk,
            form="written",
            facts="楼上漏水，天花板受损。",
            terms="楼上赔 1200 元，修好水管。",
            items=[Promised("付 1200 元", DAY + timedelta(days=10))],
            at=at,
        ),
        "take_effect": lambda d: actions.take_effect(
            mediator(d), dispute_id=d.pk, signed_on=DAY, at=at
        ),
        "note_confirmation": lambda d: actions.note_confirmation(
            mediator(d), dispute_id=d.pk, result="applied", at=at
        ),
        "visit": lambda d: actions.visit_fulfilment(
            mediator(d), dispute_id=d.pk, done=_all_done(d), outcome="fulfilled", at=at
        ),
        "fail": lambda d: actions.fail_mediation(
            mediator(d), dispute_id=d.pk, ways={"court": "南区人民法院，南街 1 号"}, at=at
        ),
        "archive": lambda d: actions.archive_dispute(mediator(d), dispute_id=d.pk, at=at),
        "withdraw": lambda d: actions.withdraw(APPLICANT, dispute_id=d.pk, at=at),
        "record_withdrawal": lambda d: actions.record_withdrawal(
            justice, dispute_id=d.pk, party_id=party_of(d, "applicant").pk, at=at
        ),
    }


def _all_done(dispute: Dispute) -> dict[int, date]:
    with scope(EVERYWHERE):
        return dict.fromkeys(dispute.items.order_by("pk").values_list("pk", flat=True), DAY)


PATHS = {
    "registered": [],
    "withdrawn": ["withdraw"],
    "assigned": ["assign"],
    "investigating": ["assign", "investigate"],
    "mediating": ["assign", "investigate", "mediate"],
    "agreed": ["assign", "mediate", "hold_session", "agree"],
    "failed": ["assign", "mediate", "fail"],
    "fulfilment": ["assign", "mediate", "hold_session", "agree", "take_effect"],
    "archived": ["assign", "mediate", "fail", "archive"],
}


def walk(dispute: Dispute, steps: Steps, state: str) -> Dispute:
    for name in PATHS[state]:
        steps[name](dispute)
    found = read(dispute.pk)
    assert found.state == state
    return found


def stranger_officer() -> Actor:
    return officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=99)

"""Two workers at once, each with a connection of its own: one of them does it."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection

from tests.casework import CLERK, LIMITS, LIN, TERMS
from tests.conftest import NOON
from tests.outside import dispatched, link_of, log, notices, parcels, register
from tests.places import make_places
from yukuai.accounts.models import Department
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions as cases
from yukuai.cases.actions.intake import Told
from yukuai.cases.models import Case
from yukuai.exchange.actions.receiving import keep_notices, settle_matter
from yukuai.exchange.actions.sending import claim_parcel, follow_case, note_taken
from yukuai.exchange.gateways.port import Said, Taken
from yukuai.exchange.models import DepartmentRoute
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack


@pytest.fixture
def shared(real_commits):
    """A matter that was dispatched to a department of an outside system: (system, case)."""
    places = make_places()
    RulePack.objects.create(
        subject="case",
        code="CASE-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params={"terms": TERMS, "limits": LIMITS},
        source="test",
    )
    call_command("load_message_templates", verbosity=0)
    office = Department.objects.create(
        division=places[12], name="执法大队", short_name="执法队", kind="综合执法"
    )
    system, _secret = register("governance", "http://127.0.0.1:9")
    DepartmentRoute.objects.create(system=system, department=office)
    told = Told(client_uuid=uuid4(), division_id=112, body="油烟直往上飘。")
    receipt = cases.raise_case(LIN, told=told, at=NOON)
    with scope(EVERYWHERE):
        case = Case.objects.get(pk=receipt.case_id)
    return system, dispatched(case, office)


def at_once(work, hands=4):
    """Everybody starts at the same moment; what each of them got."""
    start, got = threading.Barrier(hands), []

    def run():
        try:
            start.wait(timeout=10)
            got.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(got) == hands
    return got


def test_several_workers_open_a_matter_once_and_one_of_them_carries_it(shared):
    system, case = shared
    assert sorted(at_once(lambda: follow_case(SYSTEM, case_id=case.pk, at=NOON))) == [0, 0, 0, 1]
    [parcel] = parcels()
    claims = at_once(lambda: claim_parcel(SYSTEM, parcel_id=parcel.pk, attempt=0, at=NOON))
    assert [claim is None for claim in claims].count(False) == 1
    at_once(lambda: note_taken(SYSTEM, parcel_id=parcel.pk, taken=Taken("Z1", "综1"), at=NOON))
    assert [(p.state, p.attempts) for p in parcels()] == [("sent", 1)]
    assert link_of(system, case).external_id == "Z1"


def test_several_workers_apply_a_word_once_and_keep_it_once(shared):
    system, case = shared
    follow_case(SYSTEM, case_id=case.pk, at=NOON)
    [parcel] = parcels()
    note_taken(SYSTEM, parcel_id=parcel.pk, taken=Taken("Z1"), at=NOON)
    items = [Said("Z1", 1, "处置中", NOON), Said("Z1", 2, "现场反馈", NOON, words="到了。")]

    def hear():
        keep_notices(SYSTEM, system_id=system.pk, items=items, via="callback", at=NOON)
        settle_matter(system_id=system.pk, external_id="Z1", at=NOON)

    at_once(hear)
    assert [one.state for one in notices()] == ["applied", "applied"]
    assert [move for move, _ in log(case)[-2:]] == ["sign", "note"]
    assert [move for move, _ in log(case)].count("sign") == 1


def test_an_officer_and_the_outside_at_once_both_leave_their_mark(shared):
    system, case = shared
    follow_case(SYSTEM, case_id=case.pk, at=NOON)
    [parcel] = parcels()
    note_taken(SYSTEM, parcel_id=parcel.pk, taken=Taken("Z1"), at=NOON)
    items = [Said("Z1", 1, "现场反馈", NOON, words="到了。")]
    keep_notices(SYSTEM, system_id=system.pk, items=items, via="callback", at=NOON)
    turns = iter(range(2))

    def act():
        if next(turns):
            settle_matter(system_id=system.pk, external_id="Z1", at=NOON)
        else:
            cases.add_note(CLERK, case_id=case.pk, words="我也去了。", public=True, at=NOON)
            follow_case(SYSTEM, case_id=case.pk, at=NOON)

    at_once(act, hands=2)
    assert sorted(said for move, said in log(case) if move == "note") == ["到了。", "我也去了。"]
    assert [p.theirs for p in parcels() if not p.opens] == ["进展"]  # ours, and never theirs again

"""对账: both lists of a day side by side, and each difference repaired by itself."""

from datetime import date, timedelta

import pytest

from tests.casework import CLERK, DISTRICT, ELSEWHERE, TOWN, read
from tests.conftest import NOON
from tests.db.exchange.test_receiving import bring
from tests.outside import dispatched, link_of
from yukuai.exchange import carrying
from yukuai.exchange.actions.reconciling import ask_reconciliation, push_again
from yukuai.exchange.models import Difference, Reconciliation
from yukuai.exchange.repairing import repair_by_pull
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def run(there, at=NOON):
    report = carrying.reconcile(system_id=there.system.pk, day=DAY, at=at)
    with scope(EVERYWHERE):
        rows = Difference.objects.filter(report=report).order_by("pk")
        return list(rows.select_related("report"))


@pytest.fixture
def shared(outside, raised, enforcement, worker):
    there = outside()
    case = dispatched(raised(), enforcement)
    worker.run()
    [theirs] = there.matters.values()
    carrying.pull(system_id=there.system.pk, at=NOON)
    worker.run()
    return there, case, theirs


def test_when_both_agree_the_report_is_empty_and_kept(shared):
    there, _case, _theirs = shared
    assert run(there) == []
    with scope(EVERYWHERE):
        report = Reconciliation.objects.get()
    assert (report.ours, report.theirs, report.error) == (1, 1, "")


def test_a_state_that_differs_is_pulled_again(shared, worker):
    there, case, theirs = shared
    there.move(theirs.id, "处置中")
    [found] = run(there)
    assert (found.kind, found.ours, found.theirs) == ("state", "待签收", "处置中")
    for stranger in (ELSEWHERE, CLERK, TOWN):
        with pytest.raises((NotFound, NotPermitted)):
            repair_by_pull(stranger, difference_id=found.pk, at=NOON)
    assert read(case.pk).state == "dispatched"
    repair_by_pull(DISTRICT, difference_id=found.pk, at=NOON)
    assert read(case.pk).state == "handling"
    assert run(there) == []
    with pytest.raises(Conflict):
        repair_by_pull(DISTRICT, difference_id=found.pk, at=NOON)


def test_what_they_have_and_we_do_not_comes_in(shared, worker):
    there, _case, _theirs = shared
    bring(there)
    [found] = run(there)
    assert (found.kind, found.theirs) == ("missing-here", "待签收")
    repair_by_pull(DISTRICT, difference_id=found.pk, at=NOON)
    assert run(there) == []


def test_what_they_lost_is_pushed_again(shared, worker):
    there, case, _theirs = shared
    there.matters.clear()
    there.order.clear()
    [found] = run(there)
    assert (found.kind, found.number) == ("missing-there", case.number)
    push_again(DISTRICT, difference_id=found.pk, at=NOON)
    worker.run()
    assert [m.our_number for m in there.matters.values()] == [case.number]
    assert link_of(there.system, case).external_id in there.matters


def test_what_is_silent_too_long_is_named(shared):
    there, case, _theirs = shared
    [found] = run(there, at=NOON + timedelta(days=8))
    assert (found.kind, found.number) == ("stale", case.number)


def test_a_run_that_failed_is_kept_with_its_reason(shared):
    there, _case, _theirs = shared
    there.faults = ["500"]
    assert run(there) == []
    with scope(EVERYWHERE):
        assert Reconciliation.objects.get().error == "对方回应 500，现在办不了。"


def test_a_run_is_asked_for_by_whoever_manages_the_system(shared, worker):
    there, _case, _theirs = shared
    with pytest.raises(NotPermitted):
        ask_reconciliation(TOWN, code=there.system.code, day=DAY, at=NOON)
    with pytest.raises(NotFound):
        ask_reconciliation(ELSEWHERE, code=there.system.code, day=DAY, at=NOON)
    with pytest.raises(InvalidInput):
        ask_reconciliation(DISTRICT, code=there.system.code, day=date(2026, 3, 3), at=NOON)
    ask_reconciliation(DISTRICT, code=there.system.code, day=DAY, at=NOON)
    worker.run()
    with scope(EVERYWHERE):
        assert Reconciliation.objects.count() == 1

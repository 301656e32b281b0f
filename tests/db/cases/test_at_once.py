"""Two people press one button at the same moment: one act, one refusal, one line in the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from tests.casework import CLERK, COLLEAGUE, LIMITS, LIN, TERMS, read
from tests.conftest import NOON
from tests.places import make_places
from yukuai.cases import actions
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.models import Case
from yukuai.kernel.errors import Conflict, DomainError
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import RulePack, StateChange


@pytest.fixture
def town(real_commits):
    make_places()
    RulePack.objects.create(
        subject="case",
        code="CASE-TEST",
        version=1,
        effective_from=date(2020, 1, 1),
        params={"terms": TERMS, "limits": LIMITS},
        source="test",
    )


def raise_one():
    told = Told(client_uuid=uuid4(), division_id=112, body="路灯不亮。")
    return actions.raise_case(LIN, told=told, at=NOON).case_id


def at_once(*acts):
    """Run the acts in threads that start together; what each returned or raised."""
    start = Barrier(len(acts))

    def run(act):
        start.wait(timeout=10)
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_officers_accept_and_one_is_told_that_it_is_done(town):
    case_id = raise_one()
    results = at_once(
        lambda: actions.accept_case(CLERK, case_id=case_id, at=NOON),
        lambda: actions.accept_case(COLLEAGUE, case_id=case_id, at=NOON),
    )
    [refused] = [r for r in results if isinstance(r, DomainError)]
    assert isinstance(refused, Conflict)
    assert refused.message == "已经受理过了。"
    with scope(EVERYWHERE):
        assert StateChange.objects.filter(object_id=case_id, move="accept").count() == 1


def test_accepted_and_withdrawn_at_once_is_one_of_the_two(town):
    case_id = raise_one()
    results = at_once(
        lambda: actions.reject_case(
            CLERK, case_id=case_id, reason="court", channel="请找司法所。", at=NOON
        ),
        lambda: actions.withdraw_case(LIN, case_id=case_id, at=NOON),
    )
    assert sum(isinstance(r, Conflict) for r in results) == 1
    assert read(case_id).state in {"rejected", "withdrawn"}


def test_one_report_sent_four_times_at_once_is_one_matter(town):
    told = Told(client_uuid=uuid4(), division_id=112, body="路灯不亮。")
    acts = [lambda: actions.raise_case(LIN, told=told, at=NOON)] * 4
    results = at_once(*acts)
    assert sum(isinstance(r, AlreadyReceived) for r in results) == 3
    with scope(EVERYWHERE):
        assert Case.objects.count() == 1


def test_numbers_are_handed_out_once(town):
    told = [Told(client_uuid=uuid4(), division_id=112, body="路灯不亮。") for _ in range(4)]
    receipts = at_once(
        *[lambda words=words: actions.raise_case(LIN, told=words, at=NOON) for words in told]
    )
    assert len({receipt.number for receipt in receipts}) == 4

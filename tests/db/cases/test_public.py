"""What anybody may read of cases: promises, numbers, the receipt of one's own UUID."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.conftest import NOON
from tests.people import visitor
from yukuai.cases.models import Case, Category
from yukuai.cases.public import count_since, find_receipt, preview_terms
from yukuai.kernel.scope import scope
from yukuai.workflow.models import SpecialDay

pytestmark = pytest.mark.django_db
ANYBODY = visitor()
AREA = "1.2.12.112."
TO_THE_END = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")


def test_a_matter_of_a_category_is_promised_its_term(places, pack, lamps):
    with scope(()):
        promises = preview_terms(ANYBODY, area=AREA, category=lamps, at=NOON)
    assert str(promises.accept) == "1 个工作日"
    assert str(promises.answer) == "5 个工作日"
    assert (promises.answer_by - promises.accept_by).days == 6


def test_without_a_category_the_longest_term_is_promised(places, pack):
    with scope(()):
        assert str(preview_terms(ANYBODY, area=AREA, at=NOON).answer) == "10 个工作日"


def test_a_question_is_answered_at_once(places, pack):
    asking = Category.objects.create(
        code="13", name="政策咨询", plain_name="政策咨询", consultation=True, source="test"
    )
    with scope(()):
        promises = preview_terms(ANYBODY, area=AREA, category=asking, at=NOON)
    assert str(promises.answer) == "1 个工作日"


def test_a_promise_beyond_the_known_holidays_is_a_guess(places, pack, lamps):
    with scope(()):
        assert preview_terms(ANYBODY, area=AREA, category=lamps, at=NOON).is_guess
    SpecialDay.objects.create(day=date(2026, 3, 3), working=False, name="假", source="test")
    with scope(()):
        promises = preview_terms(ANYBODY, area=AREA, category=lamps, at=NOON)
    assert not promises.is_guess
    assert promises.known_until == date(2026, 12, 31)
    assert (promises.answer_by - NOON).days == 8


def test_numbers_count_one_place_since_a_moment(raised, steps):
    done = raised()
    for move in TO_THE_END:
        steps[move](done)
    raised(at=NOON - timedelta(days=31))
    raised(division_id=113)
    with scope(()):
        figures = count_since(ANYBODY, area=AREA, since=NOON - timedelta(days=30))
        street = count_since(ANYBODY, area="1.2.12.", since=NOON - timedelta(days=30))
        assert not Case.objects.exists()
    assert (figures.received, figures.closed, figures.promised, figures.kept) == (1, 1, 1, 1)
    assert (street.received, street.closed) == (2, 1)


def test_a_receipt_is_found_by_its_uuid_alone(raised):
    uuid = uuid4()
    case = raised(client_uuid=uuid)
    with scope(()):
        found = find_receipt(ANYBODY, client_uuid=uuid)
        assert find_receipt(ANYBODY, client_uuid=uuid4()) is None
        assert not Case.objects.exists()
    assert (found.case_id, found.number) == (case.pk, case.number)
    assert len(found.code) == 6

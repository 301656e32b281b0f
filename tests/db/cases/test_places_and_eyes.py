"""Who sees what: outside one's area a matter does not exist, by query and by raw SQL."""

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from tests.casework import (
    CLERK,
    DISTRICT,
    ELSEWHERE,
    LIN,
    NEIGHBOUR,
    TOWN,
    read,
)
from tests.conftest import NOON
from tests.people import resident, visitor
from yukuai.accounts.actors import phone_key
from yukuai.cases import actions, tickets
from yukuai.cases.models import Case
from yukuai.cases.queries import (
    find_ticket,
    get_case,
    get_own_case_by_number,
    list_cases,
    list_own_cases,
)
from yukuai.kernel.errors import NotFound, NotPermitted
from yukuai.kernel.scope import scope

pytestmark = pytest.mark.django_db
PERSONAL = ["cases_case", "cases_casecontact", "workflow_statechange", "workflow_deadline"]


@pytest.mark.parametrize("actor", [CLERK, TOWN, DISTRICT])
def test_the_officers_above_the_place_see_the_matter(raised, actor):
    case = raised()
    with scope(actor.areas, actor.holders):
        assert [c.pk for c in list_cases(actor)] == [case.pk]


@pytest.mark.parametrize("actor", [NEIGHBOUR, ELSEWHERE])
def test_for_the_officers_beside_it_does_not_exist(raised, actor):
    case = raised()
    with scope(actor.areas, actor.holders), pytest.raises(NotFound):
        get_case(actor, case_id=case.pk)
    with pytest.raises(NotFound):
        actions.accept_case(actor, case_id=case.pk, at=NOON)
    assert read(case.pk).state == "submitted"


@pytest.mark.parametrize("table", PERSONAL)
def test_raw_sql_of_another_district_finds_no_rows(raised, table):
    raised(name="林小满", phone="19900000417")
    with scope(["1.11."]), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    with scope(["1.2."]), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone()[0] > 0


@pytest.mark.parametrize("table", PERSONAL)
def test_without_a_scope_there_is_nothing(raised, table):
    raised(name="林小满", phone="19900000417")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


def test_raw_sql_cannot_change_another_districts_matter(raised):
    case = raised()
    with scope(["1.11."]), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET title = 'x'")
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM cases_case")
        assert cursor.rowcount == 0
    assert read(case.pk).title == "2 单元楼道灯不亮"


def test_a_row_cannot_be_pushed_out_of_the_scope(raised, places):
    case = raised()
    with pytest.raises(ProgrammingError, match="row-level security"), scope(["1.2.12.112."]):
        Case.objects.filter(pk=case.pk).update(division=places[113], area=places[113].path)


def test_the_resident_sees_his_own_and_nobody_elses(raised):
    case = raised()
    other = resident(902)
    with scope((), LIN.holders):
        assert [c.pk for c in list_own_cases(LIN)] == [case.pk]
    with scope((), other.holders):
        assert list(list_own_cases(other)) == []
        with pytest.raises(NotFound):
            get_own_case_by_number(other, number=case.number)


def test_an_anonymous_matter_is_held_by_number_and_code_alone(raised):
    case = raised(anonymous=True)
    code = tickets.code_for(case.client_uuid, length=6)
    nobody = visitor()
    with scope((), LIN.holders):
        assert list(list_own_cases(LIN)) == []
    with scope(()):
        assert find_ticket(nobody, number=case.number, code="ZZZZZZ") is None
        key = find_ticket(nobody, number=case.number, code=code.lower())
        assert Case.objects.count() == 0
    holder = visitor(key)
    with scope((), holder.holders):
        assert [c.pk for c in list_own_cases(holder)] == [case.pk]


def test_who_signs_in_with_the_telephone_finds_what_was_written_down_for_him(places, pack, raised):
    case = raised(anonymous=False, phone="19900000417")
    owner = resident(903, phone_key("19900000417"))
    with scope((), owner.holders):
        assert [c.pk for c in list_own_cases(owner)] == [case.pk]


def test_a_department_sees_only_what_lies_with_it(raised, steps, squad):
    first, second = raised(), raised()
    for name in ("accept", "triage", "dispatch"):
        steps[name](first)
    with scope(squad.areas, squad.holders):
        assert [c.pk for c in list_cases(squad)] == [first.pk]
        with pytest.raises(NotFound):
            get_case(squad, case_id=second.pk)


def test_an_upper_level_does_not_handle_in_anothers_stead(raised, steps):
    case = raised()
    for name in ("accept", "triage", "dispatch"):
        steps[name](case)
    with pytest.raises(NotPermitted, match="不在您单位手里"):
        actions.sign_case(TOWN, case_id=case.pk, at=NOON)
    assert read(case.pk).state == "dispatched"

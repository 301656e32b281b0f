"""What `check` allows is what `visible` shows, for every actor one can think of."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.casework import pack
from tests.conftest import NOON
from tests.offices import make_department
from tests.places import CHOSEN, make_places
from tests.policy_law import (
    actors,
    assert_check_and_visible_agree,
    assert_the_fence_lets_through_what_the_policy_allows,
    permissions_on,
)
from yukuai.accounts import policy
from yukuai.accounts.models import Department
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Permission
from yukuai.accounts.roles import PERMISSIONS, Reach, Role
from yukuai.cases.models import Case
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["pack"]
pytestmark = pytest.mark.django_db
PATHS = ["", *(path for path, _kind, _name in CHOSEN.values())]
DEPARTMENTS = (None, 71, 72)
KEYS = ("user:1", "phone:a", "ticket:b")
many = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def offices():
    places = make_places()
    for division in places.values():
        make_department(division)


@pytest.fixture
def cases(pack):
    places = make_places()
    make_department(places[12], "综合行政执法大队", id=71)
    make_department(places[2], "区城市管理局", id=72)
    rows = []
    for area in (112, 113, 1111):
        for unit, department in ((None, None), (112, None), (12, None), (12, 71), (2, 72)):
            for helper in DEPARTMENTS:
                key = KEYS[len(rows) % 3]
                rows.append(_case(places, pack, area, unit, department, helper, key))
    with scope(EVERYWHERE):
        Case.objects.bulk_create(rows)


def _case(places, pack, area, unit, department, helper, key):
    return Case(
        number=f"T{uuid4().hex[:12]}",
        client_uuid=uuid4(),
        source="app",
        title="楼道灯不亮",
        body="楼道灯不亮。",
        rule_pack=pack,
        received_at=NOON,
        changed_at=NOON,
        ticket_digest="",
        division=places[area],
        holders=[key],
        unit=places[unit] if unit else None,
        unit_department_id=department,
        helper_department_id=helper,
    )


@many
@given(actor=actors(PATHS, DEPARTMENTS), permission=st.sampled_from(permissions_on(Department)))
def test_check_and_visible_agree_on_rows_that_only_lie_somewhere(offices, actor, permission):
    assert_check_and_visible_agree(actor, permission, Department.objects.all())


@many
@given(actor=actors(PATHS, DEPARTMENTS, KEYS), permission=st.sampled_from(permissions_on(Case)))
@example(
    actor=Actor("", (Grant(Role.DEPT_OP, "1.2.12.", department_id=71),)),
    permission=Permission.CASE_HANDLE,
)
@example(actor=Actor("", (Grant(Role.TOWNSHIP_OP, "1.2.12."),)), permission=Permission.CASE_HANDLE)
def test_check_and_visible_agree_on_cases(cases, actor, permission):
    assert_check_and_visible_agree(actor, permission, Case.objects.all())


@many
@given(actor=actors(PATHS, DEPARTMENTS, KEYS), permission=st.sampled_from(permissions_on(Case)))
def test_the_fence_of_the_database_is_never_narrower_than_the_policy(cases, actor, permission):
    if PERMISSIONS[permission].reach is not Reach.STATISTICS:
        assert_the_fence_lets_through_what_the_policy_allows(actor, permission, Case.objects.all())


def test_a_department_handles_what_lies_with_it_and_sees_where_it_helps(cases):
    squad = Actor("", (Grant(Role.DEPT_OP, "1.2.12.", department_id=71),))
    with scope(EVERYWHERE):
        handles = policy.visible(squad, Permission.CASE_HANDLE, Case.objects.all())
        sees = policy.visible(squad, Permission.CASE_VIEW, Case.objects.all())
        assert {(c.unit_area, c.unit_department_id) for c in handles} == {("1.2.12.", 71)}
        assert {(c.unit_department_id, c.helper_department_id) for c in sees} == {
            (71, None), (71, 71), (71, 72), (None, 71), (72, 71),
        }  # fmt: skip


def test_a_township_does_not_act_in_its_communitys_stead(cases):
    town = Actor("", (Grant(Role.TOWNSHIP_OP, "1.2.12."),))
    with scope(EVERYWHERE):
        here = Case.objects.filter(unit_area="1.2.12.112.").first()
    verdict = policy.check(town, Permission.CASE_HANDLE, here)
    assert verdict.reason == "这件事现在不在您单位手里，办理由承办单位来做。"
    assert policy.check(town, Permission.CASE_SUPERVISE, here)


def test_the_platform_itself_may_do_everything_everywhere(cases):
    of_persons = {Permission.CASE_OWN, Permission.CASE_RAISE, Permission.CASE_FOLLOW}
    for permission in set(permissions_on(Case)) - of_persons:
        assert_check_and_visible_agree(SYSTEM, permission, Case.objects.all())
        with scope(EVERYWHERE):
            shown = policy.visible(SYSTEM, permission, Case.objects.all()).count()
            assert shown == Case.objects.count()

"""One place is asked for as one, so that its index gives the newest first; the answer stays."""

from typing import Any

import pytest

from tests.casework import CLERK
from tests.people import officer
from yukuai.accounts import policy
from yukuai.accounts.policy import Permission, Role
from yukuai.cases.models import Case
from yukuai.cases.queries import list_cases
from yukuai.kernel.scope import scope

pytestmark = pytest.mark.django_db


def asked(actor: Any) -> tuple[str, set[int], set[int]]:
    """The statement, what it finds, and what the policy alone would find."""
    with scope(actor.areas, actor.holders):
        rows = list_cases(actor).order_by()
        plain = policy.visible(actor, Permission.CASE_VIEW, Case.objects.all())
        return str(rows.query), {c.pk for c in rows}, {c.pk for c in plain}


def test_a_clerk_finds_what_lies_in_his_community_as_the_policy_says(raised: Any):
    here = raised()
    raised(division_id=113)
    statement, found, allowed = asked(CLERK)
    assert 'area" = 1.2.12.112.' in statement
    assert found == allowed == {here.pk}


@pytest.mark.parametrize(
    ("area", "said"), [("1.2.12.", 'township_id" = 12'), ("1.2.", 'district_id" = 2')]
)
def test_above_a_community_it_is_one_township_or_one_district(raised: Any, area: str, said: str):
    here, beside = raised(), raised(division_id=113)
    statement, found, allowed = asked(officer(Role.TOWNSHIP_OP, area))
    assert said in statement
    assert found == allowed >= {here.pk}
    assert beside.pk in found


def test_a_city_is_a_range(raised: Any):
    here = raised()
    statement, found, allowed = asked(officer(Role.TOWNSHIP_OP, "1."))
    assert 'area" >= 1.' in statement
    assert found == allowed == {here.pk}


def test_another_township_and_another_district_see_nothing(raised: Any):
    raised()
    for area in ("1.2.13.", "1.3."):
        assert asked(officer(Role.TOWNSHIP_OP, area))[1:] == (set(), set())

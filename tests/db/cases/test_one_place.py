"""One community is asked for as one, so that its index gives the newest first; the answer stays."""

from typing import Any

import pytest

from tests.casework import CLERK, TOWN
from yukuai.accounts import policy
from yukuai.accounts.policy import Permission
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


def test_above_a_community_it_is_a_range(raised: Any):
    here, beside = raised(), raised(division_id=113)
    statement, found, allowed = asked(TOWN)
    assert 'area" >= 1.2.12.' in statement
    assert found == allowed >= {here.pk}
    assert beside.pk in found

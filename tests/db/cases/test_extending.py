"""延期: one, not longer than the term, decided by another, told to the resident with the reason."""

import pytest

from tests.casework import CLERK, LIN, TOWN, read
from tests.conftest import NOON
from tests.db.cases.test_moves import snapshot, walk
from tests.people import officer
from yukuai.accounts.policy import Role
from yukuai.cases import actions
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

pytestmark = pytest.mark.django_db


def grant(case, actor=TOWN, **said):
    words = {"granted": True, "working_days": 3, "reason": "", "at": NOON} | said
    actions.decide_extension(actor, case_id=case.pk, **words)


def told(case):
    with scope((), LIN.holders):
        return StateChange.objects.get(object_id=case.pk, move="grant_extension").said


def test_the_resident_reads_the_new_day_and_why(raised, steps):
    case = raised()
    walk(case, steps, "extended")
    grant(case)
    assert told(case) == "等配件。要多用 3 个工作日，新的期限到3月19日。"


def test_the_approver_may_put_the_reason_in_plainer_words(raised, steps):
    case = raised()
    walk(case, steps, "extended")
    grant(case, told="灯要从外地调货", reason="情况属实。")
    assert told(case) == "灯要从外地调货。要多用 3 个工作日，新的期限到3月19日。"
    with scope(EVERYWHERE):
        line = StateChange.objects.get(object_id=case.pk, move="grant_extension")
    assert (line.reason, line.data["why"]) == ("情况属实。", "灯要从外地调货。")


def test_nobody_grants_or_refuses_his_own_extension(raised, steps):
    case = raised()
    walk(case, steps, "triaged")
    actions.dispatch_case(CLERK, case_id=case.pk, unit_id=12, at=NOON)
    actions.sign_case(TOWN, case_id=case.pk, at=NOON)
    actions.ask_extension(TOWN, case_id=case.pk, working_days=3, reason="等灯。", at=NOON)
    before = snapshot(case)
    for granted in (True, False):
        with pytest.raises(Conflict, match="这是您自己申请的"):
            grant(case, granted=granted, reason="。")
    assert snapshot(case) == before
    grant(case, officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=22))
    assert read(case.pk).extended == 1


def test_the_approver_grants_no_more_than_the_term_either(raised, steps):
    case = raised()
    walk(case, steps, "extended")
    before = snapshot(case)
    with pytest.raises(InvalidInput, match="1 到 10"):
        grant(case, working_days=11)
    assert snapshot(case) == before

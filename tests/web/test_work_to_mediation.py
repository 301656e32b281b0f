"""转调解 on the page of a matter: asked first, made once, and nothing of it on the matter."""

import pytest

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.mediation import LI, WANG, dispute_pack, kinds
from tests.web.desks import at_noon, desk
from yukuai.cases import actions
from yukuai.cases.models import Case
from yukuai.disputes.models import Dispute
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "at_noon",
    "desk",
    "dispute_pack",
    "enforcement",
    "kinds",
    "lamps",
    "pack",
    "places",
    "raised",
    "squad",
    "steps",
]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dispute_pack", "kinds")]


@pytest.fixture
def quarrel(raised):
    case = raised(body="楼上漏水，吵了几次。", name="王小满", phone=WANG)
    actions.accept_case(CLERK, case_id=case.pk, at=NOON)
    actions.triage_case(CLERK, case_id=case.pk, triage="private", at=NOON)
    return case


def typed(**changes):
    return {
        "agreed": "yes",
        "how": "电话里",
        "kind": "neighbour",
        "respondent_name": "李大有",
        "respondent_phone": LI,
        "about": "楼上漏水，要赔天花板。",
        **changes,
    }


def address(case):
    return f"/work/cases/{case.number}/do/to_mediation/"


def test_with_his_consent_it_becomes_a_dispute_and_the_matter_says_the_number_alone(desk, quarrel):
    clerk = desk("clerk")
    form = clerk.get(address(quarrel)).content.decode()
    assert "问过他，同意转人民调解吗" in form
    assert "楼上漏水，吵了几次。" in form
    page = clerk.post(address(quarrel), typed(), follow=True).content.decode()
    with scope(EVERYWHERE):
        dispute = Dispute.objects.get()
        assert Case.objects.get(pk=quarrel.pk).state == "replied"
    assert f"已转人民调解，单号 {dispute.number}。" in page
    for secret in ("李大有", "天花板", LI):
        assert secret not in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agreed": "no"}, "他没有同意，就不能转。"),
        ({"agreed": ""}, "先问他同不同意。"),
        ({"respondent_name": ""}, "写上对方的姓名。"),
        ({"respondent_name": "Li"}, "姓名用 2 个以上的汉字"),
        ({"respondent_phone": WANG}, "两边写的是同一个手机号"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(desk, quarrel, changes, said):
    answer = desk("clerk").post(address(quarrel), typed(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "楼上漏水，要赔天花板。" in answer.content.decode()
    with scope(EVERYWHERE):
        assert not Dispute.objects.exists()
        assert Case.objects.get(pk=quarrel.pk).state == "triaged"


def test_a_township_that_may_not_register_reads_why(desk, quarrel):
    answer = desk("town").post(address(quarrel), typed())
    assert answer.status_code == 409
    assert "没有“登记纠纷”这项权限" in answer.content.decode()
    with scope(EVERYWHERE):
        assert not Dispute.objects.exists()

"""我反映的事 of a matter that several offices share: one number, one timeline, one way back."""

import pytest

from tests.casework import CLERK, COLLEAGUE, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.web.portal_fixtures import clock, resident, signed_in, town
from tests.web.test_portal_matters import matter, me
from yukuai.cases import actions
from yukuai.cases.actions.parts import Share

__all__ = [
    "clock",
    "enforcement",
    "lamps",
    "matter",
    "me",
    "pack",
    "places",
    "raised",
    "resident",
    "signed_in",
    "squad",
    "steps",
    "town",
]
pytestmark = pytest.mark.django_db
HOME = (Share("给 3 楼装新灯座。", "minor", 112), Share("核对电表箱线路。", "minor", 112))


@pytest.fixture
def shared(matter, steps):
    """Split in two, the first part answered."""
    case = matter("accept", "triage")
    parts = actions.split_case(CLERK, case_id=case.pk, shares=HOME, at=NOON)
    actions.sign_case(CLERK, case_id=parts[0].pk, at=NOON)
    actions.reply_case(CLERK, case_id=parts[0].pk, answer="灯座装好了。", outcome="solved", at=NOON)
    actions.finish_part(COLLEAGUE, case_id=parts[0].pk, at=NOON)
    return case, parts


def test_the_resident_reads_one_number_and_what_the_parts_say(signed_in, shared):
    case, parts = shared
    listed = signed_in.get("/matters/").content.decode()
    page = signed_in.get(f"/matters/{case.number}/").content.decode()
    assert case.number in listed
    for words in ("分头来办", "其中一项派人去办", "其中一项有答复", "灯座装好了。", "南社区"):
        assert words in page
    for inside in (f"{case.number}-", HOME[0].body, HOME[1].body):
        assert inside not in listed + page
    for part in parts:
        assert signed_in.get(f"/matters/{part.number}/").status_code == 404


def test_it_is_not_taken_back_when_somebody_is_on_the_way(signed_in, shared):
    case, _parts = shared
    page = signed_in.get(f"/matters/{case.number}/").content.decode()
    assert "已经派人去办了，不能撤回。" in page


def test_a_receipt_of_a_part_opens_nothing(client, shared, clock):
    _case, parts = shared
    answer = client.post("/follow/", {"number": parts[0].number, "code": "ABCDEF"})
    assert answer.status_code == 422


def test_an_extension_tells_the_new_day_and_why(signed_in, matter):
    case = matter("accept", "triage", "dispatch", "sign", "ask_extension", "grant_extension")
    page = signed_in.get(f"/matters/{case.number}/").content.decode()
    assert "等配件。要多用 3 个工作日，新的期限到3月19日。" in page
    assert "3月19日 24:00" in page

"""登记来访来电: one page, one matter, one receipt."""

from uuid import uuid4

import pytest

from tests.casework import enforcement, lamps, pack, places, raised, squad, steps
from tests.web.desks import at_most, at_noon, desk
from yukuai.cases.models import Case, CaseContact
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pack")]
URL = "/work/register/"


def typed(**changes):
    return {
        "client_uuid": str(uuid4()),
        "source": "phone",
        "body": "门口路灯不亮。",
        "division": "112",
        "name": "林小满",
        "phone": "199 0000 0417",
        **changes,
    }


def count():
    with scope(EVERYWHERE):
        return Case.objects.count(), CaseContact.objects.count()


def test_the_own_community_is_chosen_already(desk):
    form = desk("clerk").get(URL).context["form"]
    assert form.fields["division"].choices == [("112", "南社区")]
    assert not form.needs_search


def test_a_township_chooses_among_its_own_a_district_searches(desk):
    form = desk("town").get(URL).context["form"]
    assert [v for v, _label in form.fields["division"].choices] == ["", "112", "113"]
    district = desk("district")
    assert district.get(URL).context["form"].needs_search
    found = district.get(URL, {"q": "社区"}).context["form"].fields["division"].choices
    assert [v for v, _label in found] == ["", "112", "113"]


def test_a_search_swaps_the_places_alone(desk):
    headers = {"HX-Request": "true", "HX-Target": "places"}
    page = desk("district").get(URL, {"q": "坡"}, headers=headers).content.decode()
    assert page.strip().startswith('<div id="places"')
    assert 'value="113"' in page


def test_a_call_becomes_a_matter_with_a_receipt(desk):
    clerk = desk("clerk")
    answer = clerk.post(URL, typed(wanted="修好。", place_text="南门"))
    assert answer.status_code == 302
    page = clerk.get(answer.headers["Location"])
    with scope(EVERYWHERE):
        case = Case.objects.get()
        assert (case.source, case.wanted, case.anonymous) == ("phone", "修好。", False)
        assert case.contact.phone == "19900000417"
    assert case.number in page.content.decode()
    assert page.context["receipt"].code in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_who_would_rather_not_leaves_neither_name_nor_number(desk):
    desk("clerk").post(URL, typed(anonymous="on"))
    assert count() == (1, 0)


def test_the_same_form_sent_twice_is_one_matter_with_one_receipt(desk):
    clerk, words = desk("clerk"), typed()
    first, again = clerk.post(URL, words), clerk.post(URL, words)
    assert first.headers["Location"] == again.headers["Location"]
    assert count() == (1, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"body": " "}, "写一句话，说说是什么事。"),
        ({"body": "长" * 2001}, "最多 2000 字"),
        ({"source": "app"}, "请选来访还是来电。"),
        ({"phone": "1990000"}, "还差 4 位。手机号是 11 位数字。"),
        ({"phone": "", "name": ""}, "留一个手机号，好告诉他结果"),
        ({"division": "113"}, "请选一个村或社区。"),
        ({"division": "1; DROP"}, "请选一个村或社区。"),
        ({"category": "99999"}, "重新选一类，或者不选。"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_rest_stays(desk, changes, words):
    answer = desk("clerk").post(URL, typed(wanted="照旧写着。", **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "照旧写着。" in page
    assert count() == (0, 0)


def test_a_forged_uuid_is_refused(desk):
    assert desk("clerk").post(URL, typed(client_uuid="x")).status_code == 422
    assert count() == (0, 0)


def test_a_word_of_danger_makes_it_urgent_by_itself(desk):
    from yukuai.cases.models import UrgentWord

    UrgentWord.objects.create(word="起火", number="119", source="test")
    desk("clerk").post(URL, typed(body="三楼起火了。"))
    with scope(EVERYWHERE):
        assert Case.objects.get().urgent is True


def test_a_department_does_not_register(desk):
    assert desk("squad").get(URL).status_code == 403
    assert desk("squad").post(URL, typed()).status_code == 403
    assert count() == (0, 0)


@pytest.mark.parametrize("r", ["", "x", "1484effd-fd6a-4802-895c-ac4c79bac689"])
def test_a_receipt_that_was_never_given_is_none(desk, r):
    assert desk("clerk").get("/work/register/done/", {"r": r}).status_code == 404


def test_a_receipt_is_only_for_the_place_it_was_given_at(desk):
    answer = desk("clerk").post(URL, typed())
    assert desk("neighbour").get(answer.headers["Location"]).status_code == 404


def test_the_page_asks_little_of_the_database(desk):
    town = desk("town")
    town.get(URL)
    with at_most(15):
        town.get(URL)

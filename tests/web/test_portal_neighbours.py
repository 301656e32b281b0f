"""附近有人反映过, 我也遇到了: the pages of residents, without scripts."""

from urllib.parse import unquote

import pytest

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.people import resident as acting
from tests.web.desks import at_most
from tests.web.portal_fixtures import cases, clock, resident, signed_in, submit, town, words
from yukuai.cases import actions
from yukuai.cases.models import Follower
from yukuai.cases.neighbours import reference_of
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = [
    "clock",
    "enforcement",
    "lamps",
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
SECRETS = ("赵某某", "19900000999", "第三户")


@pytest.fixture
def lamp(town, lamps, raised):
    """Raised by somebody else, with much in it that nobody else may read."""
    lamps.shareable = True
    lamps.save()
    return raised(
        category_id=lamps.pk,
        body="赵某某家第三户楼道灯不亮。",
        place_text="人民公园门口",
        name="赵某某",
        phone="19900000999",
    )


def followers():
    with scope(EVERYWHERE):
        return list(Follower.objects.order_by("pk"))


def follow(client, case):
    return client.post(f"/raise/nearby/{reference_of(case.pk)}/")


def typed(client, category):
    """Through the first two steps with the category chosen."""
    client.get("/c/509999001001/")
    client.post("/raise/", {"body": "楼道灯坏了，看不见路。", "category": category.pk})
    client.post("/raise/where/", {"contact": "unnamed", "place_text": "3 楼"})


def test_before_submitting_a_resident_reads_that_somebody_raised_it(signed_in, lamp, lamps):
    typed(signed_in, lamps)
    page = words(signed_in.get("/raise/check/"))
    assert "附近有人反映过" in page
    assert "人民公园门口" in page
    assert "等社区收下" in page
    assert "我也遇到了</button>" in page
    assert lamp.number not in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_a_visitor_reads_it_too_and_signs_in_to_follow(client, lamp, lamps):
    typed(client, lamps)
    page = words(client.get("/raise/check/"))
    assert "附近有人反映过" in page
    assert "/signin/?next=/raise/check/" in unquote(page)
    assert "我也遇到了</button>" not in page
    refused = follow(client, lamp)
    assert refused.headers["Location"].startswith("/signin/")
    assert followers() == []


def test_nothing_is_shown_where_nobody_raised_it(signed_in, town, lamps):
    typed(signed_in, lamps)
    assert "附近有人反映过" not in words(signed_in.get("/raise/check/"))


def test_the_answer_comes_to_whoever_met_with_it_and_what_he_typed_stays(
    signed_in, lamp, lamps, steps
):
    typed(signed_in, lamps)
    followed = follow(signed_in, lamp)
    [row] = followers()
    assert followed.headers["Location"] == f"/followed/{row.pk}/"
    for name in ("accept", "triage", "dispatch", "sign", "reply"):
        steps[name](lamp)
    page = words(signed_in.get(f"/followed/{row.pk}/"))
    assert "记下了" in page
    assert "换了 3 盏灯。" in page
    assert "您写的还没有提交，也还在" in page
    assert [secret for secret in (*SECRETS, lamp.number) if secret in page] == []
    assert "您在跟" in words(signed_in.get("/raise/check/"))
    assert submit(signed_in).headers["Location"] == "/raise/done/"
    assert len(cases()) == 2


def test_going_on_with_ones_own_is_as_it_was(signed_in, lamp, lamps):
    typed(signed_in, lamps)
    assert submit(signed_in).headers["Location"] == "/raise/done/"
    assert followers() == []


def test_what_was_typed_may_be_dropped_instead(signed_in, lamp, lamps):
    typed(signed_in, lamps)
    follow(signed_in, lamp)
    page = words(signed_in.post("/raise/drop/", follow=True))
    assert "写的清掉了" in page
    assert signed_in.get("/raise/check/").headers["Location"] == "/raise/"
    assert len(cases()) == 1


def test_the_same_tap_twice_is_one_row(signed_in, lamp):
    first, second = follow(signed_in, lamp), follow(signed_in, lamp)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(followers()) == 1


@pytest.mark.parametrize("guess", ["1", "1-0000000000000000", "x", "99999999999999999999-1"])
def test_a_guessed_reference_says_kindly_that_it_is_gone(signed_in, lamp, lamps, guess):
    typed(signed_in, lamps)
    page = words(signed_in.post(f"/raise/nearby/{guess}/", follow=True))
    assert "现在不能跟了" in page
    assert followers() == []


def test_a_guessed_number_of_a_private_matter_is_refused(signed_in, raised, lamps, town):
    hidden = raised(category_id=lamps.pk)
    typed(signed_in, lamps)
    assert "现在不能跟了" in words(
        signed_in.post(f"/raise/nearby/{reference_of(hidden.pk)}/", follow=True)
    )
    assert followers() == []


def test_ones_own_matter_is_not_followed(signed_in, resident, raised, lamps, town):
    lamps.shareable = True
    lamps.save()
    own = raised(acting(resident.pk), category_id=lamps.pk)
    typed(signed_in, lamps)
    assert "附近有人反映过" not in words(signed_in.get("/raise/check/"))
    page = words(signed_in.post(f"/raise/nearby/{reference_of(own.pk)}/", follow=True))
    assert "这是您自己反映的事" in page
    assert followers() == []


def test_the_list_shows_what_is_followed_and_an_empty_one_says_how(signed_in, client, lamp):
    assert "还没有跟着等答复的事" in words(signed_in.get("/followed/"))
    follow(signed_in, lamp)
    page = words(signed_in.get("/followed/"))
    assert "公共设施坏了" in page
    assert [secret for secret in (*SECRETS, lamp.number) if secret in page] == []
    assert "1 件" in words(signed_in.get("/me/"))


def test_a_visitor_sees_an_empty_list_and_the_way_in(client, town):
    assert "/signin/?next=/followed/" in unquote(words(client.get("/followed/")))


def test_one_tap_ends_it_and_another_takes_it_back(signed_in, lamp):
    follow(signed_in, lamp)
    [row] = followers()
    page = words(signed_in.post(f"/followed/{row.pk}/stop/", follow=True))
    assert "不跟这件事了" in page
    assert "办理经过" not in page
    assert "公共设施坏了" not in words(signed_in.get("/followed/"))
    page = words(signed_in.post(f"/followed/{row.pk}/resume/", follow=True))
    assert "接着跟了" in page
    assert followers()[0].ended_at is None


def test_another_residents_row_does_not_exist(signed_in, lamp):
    row = actions.follow_case(acting(903), case_id=lamp.pk, at=NOON)
    for answer in (
        signed_in.get(f"/followed/{row.pk}/"),
        signed_in.post(f"/followed/{row.pk}/stop/"),
        signed_in.post(f"/followed/{row.pk}/resume/"),
    ):
        assert answer.status_code == 404
    assert followers()[0].ended_at is None


def test_a_matter_that_turned_private_shows_no_more_answers(signed_in, lamp, steps):
    follow(signed_in, lamp)
    [row] = followers()
    steps["accept"](lamp)
    actions.triage_case(CLERK, case_id=lamp.pk, triage="private", at=NOON)
    page = words(signed_in.get(f"/followed/{row.pk}/"))
    assert "不再公开" in page
    assert "办理经过" not in page


def test_the_page_of_a_merged_matter_shows_the_answer_to_the_other_one(
    signed_in, resident, lamp, raised, steps
):
    own = raised(acting(resident.pk), body="我们楼的灯也不亮。")
    actions.merge_case(CLERK, case_id=own.pk, into_id=lamp.pk, reason="同一盏灯。", at=NOON)
    for name in ("accept", "triage", "dispatch", "sign", "reply"):
        steps[name](lamp)
    page = words(signed_in.get(f"/matters/{own.number}/"))
    assert "合在一起办" in page
    assert "换了 3 盏灯。" in page
    assert "我们楼的灯也不亮。" in page
    assert "同一盏灯。" not in page
    assert [secret for secret in (*SECRETS, lamp.number) if secret in page] == []
    assert "和同一件事合在一起办" in words(signed_in.get("/matters/"))


def test_the_list_of_followed_matters_asks_the_same_for_one_as_for_many(signed_in, raised, lamp):
    lamp_category = lamp.category_id
    for _ in range(8):
        follow(signed_in, raised(acting(903), category_id=lamp_category))
    follow(signed_in, lamp)
    with at_most(15):
        assert len(signed_in.get("/followed/").context["rows"]) == 9

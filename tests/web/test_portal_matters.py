"""我反映的事: the list, one matter, rating and withdrawing it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tests.casework import (
    CLERK,
    LIN,
    enforcement,
    lamps,
    pack,
    places,
    raised,
    read,
    squad,
    steps,
)
from tests.conftest import NOON
from tests.web.portal_fixtures import PHONE, clock, photo, resident, signed_in, town, words
from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.cases import actions
from yukuai.cases.models import Rating
from yukuai.documents.models import Attachment
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.workflow.models import StateChange

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
ALL_GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}


@pytest.fixture
def me(resident):
    return resident_actor(resident, holders_of(resident))


@pytest.fixture
def matter(me, raised, steps):
    """A matter of the resident, taken along the way as far as named."""

    def make(*moves, **told):
        case = raised(me, phone=PHONE, name="黎某某", **told)
        for move in moves:
            steps[move](case)
        return read(case.pk)

    return make


TO_THE_END = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")


def page(client, case, rest=""):
    return client.get(f"/matters/{case.number}/{rest}")


def changes(case):
    with scope(EVERYWHERE):
        return StateChange.objects.filter(object_id=case.pk).count()


def ratings():
    with scope(EVERYWHERE):
        return list(Rating.objects.order_by("pk"))


def test_nothing_raised_yet_says_what_may_be(client, town):
    shown = words(client.get("/matters/"))
    assert "您还没有反映过事情" in shown
    assert "登录看全部" in shown


def test_the_list_shows_ones_own_and_nobody_elses(signed_in, matter, raised):
    mine, other = matter(), raised(LIN)
    shown = words(signed_in.get("/matters/"))
    assert mine.number in shown
    assert other.number not in shown


def test_what_waits_for_the_reader_stands_first_and_alone_is_amber(signed_in, matter):
    closed, newer = matter(*TO_THE_END), matter()
    response = signed_in.get("/matters/")
    assert [row.number for row in response.context["rows"]] == [closed.number, newer.number]
    assert [row.tone for row in response.context["rows"]] == ["yours", "run"]
    assert "请在 3月9日 24:00 前评价" in words(response)


def test_a_long_list_is_paged(signed_in, matter):
    made = [matter() for _ in range(32)]
    first = signed_in.get("/matters/")
    assert len(first.context["rows"]) == 30
    second = signed_in.get("/matters/" + first.context["older_url"])
    shown = {row.number for row in [*first.context["rows"], *second.context["rows"]]}
    assert shown == {case.number for case in made}
    assert len(second.context["rows"]) == 2


def test_the_telephone_that_was_left_holds_the_matter_too(signed_in, raised):
    case = raised(LIN, phone=PHONE)
    assert page(signed_in, case).status_code == 200


@pytest.mark.parametrize("rest", ["", "rate/", "withdraw/", "receipt/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_matter_does_not_exist(signed_in, raised, rest, method):
    other = raised(LIN)
    before = changes(other)
    response = getattr(signed_in, method)(f"/matters/{other.number}/{rest}", ALL_GOOD)
    assert response.status_code in {404, 405}
    assert other.title not in words(response)
    assert (read(other.pk).state, changes(other)) == ("submitted", before)


@pytest.mark.parametrize("number", ["ZT-0000-000000", "x", "' OR 1=1 --", "%00", "1" * 500])
def test_a_number_nobody_has_is_a_page_not_a_fault(signed_in, number):
    response = signed_in.get(f"/matters/{number}/")
    assert response.status_code == 404
    assert "这里没有" in words(response)


def test_the_story_names_units_and_never_persons_or_reasons(signed_in, matter, steps):
    case = matter("accept", "triage")
    actions.retriage_case(
        CLERK, case_id=case.pk, triage="minor", reason="内部的理由不给居民看", at=NOON
    )
    actions.add_note(CLERK, case_id=case.pk, words="内部的记录不给居民看", at=NOON)
    actions.add_note(CLERK, case_id=case.pk, words="明天上门。", public=True, at=NOON)
    shown = words(page(signed_in, case))
    assert "定为“大事”" in shown
    assert "重新定为“小事”" in shown
    assert "明天上门。" in shown
    assert "内部的" not in shown
    assert CLERK.label not in shown


def test_the_unit_is_taken_out_of_the_officers_label(signed_in, me, raised, town):
    from tests.people import officer
    from yukuai.accounts.policy import Role

    case = raised(me)
    clerk = officer(Role.COMMUNITY_STAFF, "1.2.12.112.")
    named = type(clerk)(**{**clerk.__dict__, "label": "周某某，南社区"})
    actions.accept_case(named, case_id=case.pk, at=NOON)
    shown = words(page(signed_in, case))
    assert "周某某" not in shown
    assert '<span class="meta">南社区</span>' in shown


def test_the_newest_stands_on_top_with_what_comes_next(signed_in, matter):
    case = matter("accept")
    events = page(signed_in, case).context["events"]
    assert [event["title"] for event in events] == [
        "收下了，正在定归谁办",
        "收下了",
        "您提交了",
    ]
    assert events[0]["when"] == "3月16日 24:00 前"


def test_before_it_is_accepted_the_answer_to_that_is_what_is_waited_for(signed_in, matter):
    shown = words(page(signed_in, matter()))
    assert "社区答复您收没收下" in shown
    assert "明天 24:00 前" in shown


def test_a_broken_promise_is_said(signed_in, matter, clock):
    case = matter("accept", "triage", "dispatch", "sign")
    clock.move_to(NOON + timedelta(days=20))
    event = page(signed_in, case).context["events"][0]
    assert event["state"] == "late"
    assert "过了答应您的时间" in event["words"]


def test_the_answer_stands_beside_the_promise(signed_in, matter):
    shown = words(page(signed_in, matter(*TO_THE_END)))
    assert "答应您的时间" in shown
    assert "3月2日，提前 14 天" in shown
    assert '<blockquote class="quote">换了 3 盏灯。</blockquote>' in shown


def test_a_refusal_says_why_and_where_to_go(signed_in, matter):
    shown = words(page(signed_in, matter("reject")))
    assert "没有受理" in shown
    assert "请找司法所。" in shown


def test_a_reopened_matter_does_not_show_the_earlier_answer_as_kept(signed_in, matter, steps):
    case = matter(*TO_THE_END)
    signed_in.post(f"/matters/{case.number}/rate/", ALL_GOOD | {"solved": "no"})
    for move in ("dispatch", "sign"):
        steps[move](case)
    case = read(case.pk)
    response = page(signed_in, case)
    assert case.replied_at is not None
    assert response.context["fact"] == ""
    assert response.context["due"] == case.promised_at


def test_three_answers_end_the_matter(signed_in, matter):
    case = matter(*TO_THE_END)
    answer = signed_in.post(f"/matters/{case.number}/rate/", ALL_GOOD)
    assert answer.headers["Location"] == f"/matters/{case.number}/"
    assert read(case.pk).state == "rated"
    [rating] = ratings()
    assert (rating.contacted, rating.solved, rating.satisfied) == (True, "yes", True)
    shown = words(page(signed_in, case))
    assert "收到了，谢谢您。" in shown
    assert "请您评一评" not in shown


def test_what_is_not_solved_is_reopened_under_its_number(signed_in, matter):
    case = matter(*TO_THE_END)
    bad = {"contacted": "no", "solved": "partly", "satisfied": "no", "reasons": ["left-over"]}
    signed_in.post(f"/matters/{case.number}/rate/", bad | {"words": "5 楼<b>还不亮</b>"})
    assert read(case.pk).state == "reopened"
    [rating] = ratings()
    assert (rating.reasons, rating.words) == (["left-over"], "5 楼<b>还不亮</b>")
    assert "已经重新打开，单号不变" in words(page(signed_in, case))


@pytest.mark.parametrize(
    ("posted", "fields"),
    [
        ({}, {"contacted", "solved", "satisfied"}),
        ({"contacted": "yes", "solved": "yes"}, {"satisfied"}),
        (ALL_GOOD | {"solved": "maybe"}, {"solved"}),
        (ALL_GOOD | {"contacted": "1"}, {"contacted"}),
        (ALL_GOOD | {"reasons": ["x' OR 1=1"]}, {"reasons"}),
        (ALL_GOOD | {"words": "灯" * 501}, {"words"}),
    ],
)
def test_an_answer_that_is_missing_or_forged_is_said_beside_its_question(
    signed_in, matter, posted, fields
):
    case = matter(*TO_THE_END)
    response = signed_in.post(f"/matters/{case.number}/rate/", posted)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == fields
    assert "还没有提交，您选的都在。" in words(response)
    assert (read(case.pk).state, ratings()) == ("closed", [])


def test_what_was_chosen_stays_chosen(signed_in, matter):
    case = matter(*TO_THE_END)
    response = signed_in.post(
        f"/matters/{case.number}/rate/", {"solved": "partly", "words": "5 楼\x00还不亮"}
    )
    shown = words(response)
    assert 'value="partly" id="id_solved_1" checked' in shown.replace(" required", "")
    assert "5 楼还不亮" in shown


def test_rating_twice_is_rating_once(signed_in, matter):
    case = matter(*TO_THE_END)
    for _ in range(2):
        signed_in.post(f"/matters/{case.number}/rate/", ALL_GOOD)
    assert len(ratings()) == 1
    assert "收到过您的评价了，不会重复。" in words(page(signed_in, case))


def test_what_is_not_closed_cannot_be_rated(signed_in, matter):
    case = matter("accept")
    signed_in.post(f"/matters/{case.number}/rate/", ALL_GOOD)
    assert (read(case.pk).state, ratings()) == ("accepted", [])
    assert "办结以后才评价。" in words(page(signed_in, case))


def test_after_the_time_for_rating_nobody_is_asked_any_more(signed_in, matter, clock):
    case = matter(*TO_THE_END)
    clock.move_to(case.rate_until)
    response = page(signed_in, case)
    assert (response.context["tone"], response.context["form"]) == ("done", None)


def test_the_home_page_can_answer_the_second_question_beforehand(signed_in, matter):
    case = matter(*TO_THE_END)
    shown = words(page(signed_in, case, "?solved=no"))
    assert 'value="no" id="id_solved_2" checked' in shown


def test_withdrawing_says_first_what_will_happen(signed_in, matter):
    case = matter("accept")
    shown = words(page(signed_in, case, "withdraw/"))
    assert "撤回后社区就不再办。以后还能重新反映，单号会换。" in shown
    assert read(case.pk).state == "accepted"
    signed_in.post(f"/matters/{case.number}/withdraw/")
    assert read(case.pk).state == "withdrawn"
    assert "您撤回了" in words(page(signed_in, case))


def test_what_was_dispatched_is_not_withdrawn_and_says_why(signed_in, matter):
    case = matter("accept", "triage", "dispatch")
    assert "已经派人去办了，不能撤回。" in words(page(signed_in, case))
    assert page(signed_in, case, "withdraw/").status_code == 302
    signed_in.post(f"/matters/{case.number}/withdraw/")
    assert read(case.pk).state == "dispatched"


def test_photos_are_shown_to_their_owner_alone(signed_in, matter):
    case = matter(photos=(photo(),))
    with scope(EVERYWHERE):
        [row] = Attachment.objects.all()
    address = f"/matters/{case.number}/photos/{row.pk}/"
    assert f'src="{address}?size=thumb"' in words(page(signed_in, case))
    assert signed_in.get(address)["Content-Type"] == "image/jpeg"
    assert signed_in.get(address)["Cache-Control"].startswith("private")
    assert Client().get(address).status_code == 404


def test_a_photo_of_another_matter_is_not_found_under_ones_own_number(signed_in, matter, raised):
    mine = matter()
    raised(LIN, photos=(photo(),))
    with scope(EVERYWHERE):
        [row] = Attachment.objects.all()
    assert page(signed_in, mine, f"photos/{row.pk}/").status_code == 404
    assert page(signed_in, mine, f"photos/{10**15}/").status_code == 404


def test_each_look_at_the_contact_is_counted_and_named(signed_in, matter, squad):
    case = matter("accept", "triage", "dispatch", "sign")
    assert page(signed_in, case).context["viewers"] == "0"
    actions.reveal_contact(squad, case_id=case.pk, purpose="visit", at=NOON)
    assert page(signed_in, case).context["viewers"] == "1"
    shown = words(signed_in.get(f"/me/viewers/?number={case.number}"))
    assert "打开了联系方式：姓名、电话" in shown
    assert "用途：约上门时间" in shown


def test_the_receipt_can_be_printed_by_whoever_holds_it(signed_in, matter):
    case = matter(client_uuid=uuid4())
    shown = words(page(signed_in, case, "receipt/"))
    assert case.number in shown
    assert "查询码" in shown


def test_pages_of_persons_are_never_kept_by_a_cache(signed_in, matter):
    case = matter()
    for address in ("/matters/", f"/matters/{case.number}/", f"/matters/{case.number}/receipt/"):
        assert "no-store" in signed_in.get(address)["Cache-Control"], address


def test_the_list_and_the_matter_ask_the_database_little(
    signed_in, matter, django_assert_max_num_queries
):
    matter(*TO_THE_END, photos=(photo(),))
    case = matter(*TO_THE_END, photos=(photo(),))
    signed_in.get("/matters/")
    with django_assert_max_num_queries(15):
        signed_in.get("/matters/")
    with django_assert_max_num_queries(15):
        signed_in.get(f"/matters/{case.number}/")

"""我也遇到了: who may follow what, and what a follower never learns."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import CLERK, ELSEWHERE, LIN, NEIGHBOUR, TOWN, read
from tests.conftest import NOON
from tests.people import resident, visitor
from tests.web.desks import at_most
from yukuai.accounts.actors import phone_key
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.cases.followers import count_followers
from yukuai.cases.following import (
    count_following,
    get_followed,
    list_followed,
    list_following,
)
from yukuai.cases.models import Category, Follower
from yukuai.cases.neighbours import (
    Wanted,
    find_by_reference,
    list_nearby,
    list_similar,
    reference_of,
)
from yukuai.cases.queries import list_own_cases
from yukuai.kernel.errors import Conflict, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

pytestmark = pytest.mark.django_db
WANG = resident(902)
SECRET = "赵某某家 19900000999 楼道灯不亮。"


@pytest.fixture
def shared(lamps):
    lamps.shareable = True
    lamps.save()
    return lamps


@pytest.fixture
def lamp(raised, shared):
    """A matter that neighbours may be told of, with much in it that they may not."""
    return raised(
        category_id=shared.pk,
        body=SECRET,
        place_text="人民公园门口",
        name="赵某某",
        phone="19900000999",
    )


def nearby(actor, body="楼道灯坏了。", category=None, division=112, **more):
    category = category or Category.objects.get()
    area = {112: "1.2.12.112.", 113: "1.2.12.113."}[division]
    wanted = Wanted(division, area, body, category, **more)
    with scope(actor.areas, actor.holders):
        return list_nearby(actor, wanted=wanted, at=NOON)


def followers(case):
    with scope(EVERYWHERE):
        return list(Follower.objects.filter(case=case).order_by("pk"))


def test_a_neighbour_is_told_that_such_a_matter_runs_and_nothing_that_was_said(lamp):
    [gist] = nearby(WANG)
    assert (gist.what, gist.community, gist.place) == ("公共设施坏了", "南社区", "人民公园门口")
    assert (gist.state, gist.since, gist.followers, gist.following) == ("submitted", NOON, 0, False)
    assert lamp.number not in str(gist)
    for word in ("赵某某", "19900000999", "楼道灯"):
        assert word not in str(gist)


@pytest.mark.parametrize(
    "told",
    [{"anonymous": True}, {"urgent": True}, {"category_id": None}, {"place_text": "3 单元 501"}],
    ids=["anonymous", "urgent", "unsorted", "somebody's door"],
)
def test_what_is_personal_is_not_told(raised, shared, told):
    raised(**{"category_id": shared.pk, "body": "楼道灯不亮。", **told})
    found = nearby(WANG)
    if "place_text" in told:
        assert [gist.place for gist in found] == [""]
    else:
        assert found == []


def test_a_private_matter_is_not_told_and_can_no_longer_be_followed(lamp):
    actions.accept_case(CLERK, case_id=lamp.pk, at=NOON)
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    actions.triage_case(CLERK, case_id=lamp.pk, triage="private", at=NOON)
    assert nearby(resident(903)) == []
    with pytest.raises(NotFound):
        actions.follow_case(resident(903), case_id=lamp.pk, at=NOON)
    with scope((), WANG.holders):
        followed = get_followed(WANG, follower_id=row.pk)
    assert (followed.is_public, followed.lines) == (False, ())


def test_a_category_that_may_not_be_told_of_tells_nothing(raised, lamps):
    case = raised(category_id=lamps.pk)
    assert nearby(WANG) == []
    with pytest.raises(NotFound, match="不能跟"):
        actions.follow_case(WANG, case_id=case.pk, at=NOON)
    assert followers(case) == []


def test_trying_words_teaches_nobody_what_was_said(lamp):
    assert nearby(WANG, body="赵某某家 19900000999") == nearby(WANG, body="李某某家 19900000111")


def test_ones_own_matter_is_not_offered_and_not_followed(lamp):
    assert nearby(LIN) == []
    with pytest.raises(Conflict, match="您自己反映的"):
        actions.follow_case(LIN, case_id=lamp.pk, at=NOON)
    owner_by_phone = resident(905, phone_key("19900000999"))
    with pytest.raises(Conflict, match="您自己反映的"):
        actions.follow_case(owner_by_phone, case_id=lamp.pk, at=NOON)
    assert followers(lamp) == []


def test_the_matter_next_door_counts_when_it_is_near(raised, shared):
    raised(category_id=shared.pk, division_id=113, lon=106.5705, lat=29.5647)
    assert nearby(WANG) == []
    assert len(nearby(WANG, lon=106.5709, lat=29.5647)) == 1
    assert nearby(WANG, lon=106.5809, lat=29.5647) == []


def test_an_old_or_closed_matter_is_not_offered(raised, shared):
    raised(category_id=shared.pk, at=NOON - timedelta(days=91))
    gone = raised(category_id=shared.pk)
    actions.withdraw_case(LIN, case_id=gone.pk, at=NOON)
    assert nearby(WANG) == []


def test_at_most_three_are_offered(raised, shared):
    for _ in range(4):
        raised(category_id=shared.pk)
    assert len(nearby(WANG)) == 3


def test_following_twice_is_following_once(lamp):
    first = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    again = actions.follow_case(WANG, case_id=lamp.pk, at=NOON + timedelta(hours=1))
    assert first.pk == again.pk
    assert [row.since for row in followers(lamp)] == [NOON]
    [gist] = nearby(WANG)
    assert (gist.followers, gist.following) == (1, True)
    assert nearby(resident(903))[0].following is False


def test_whoever_stops_takes_it_back_with_one_tap(lamp):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    actions.unfollow_case(WANG, follower_id=row.pk, at=NOON)
    with scope((), WANG.holders):
        assert count_following(WANG) == 0
        assert get_followed(WANG, follower_id=row.pk).lines == ()
    actions.resume_following(WANG, follower_id=row.pk, at=NOON)
    with scope((), WANG.holders):
        assert count_following(WANG) == 1
    assert len(followers(lamp)) == 1


@pytest.mark.parametrize("actor", [visitor(), visitor("ticket:x"), CLERK])
def test_only_a_signed_in_resident_follows(lamp, actor):
    with pytest.raises(NotPermitted):
        actions.follow_case(actor, case_id=lamp.pk, at=NOON)
    assert followers(lamp) == []


def test_another_resident_neither_sees_nor_ends_the_row(lamp):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    other = resident(903)
    with scope((), other.holders):
        assert list(list_following(other)) == []
        with pytest.raises(NotFound):
            get_followed(other, follower_id=row.pk)
    with pytest.raises(NotFound):
        actions.unfollow_case(other, follower_id=row.pk, at=NOON)
    assert followers(lamp)[0].ended_at is None


def test_a_follower_hears_every_answer_but_reads_nothing_of_the_reporter(lamp, steps):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](lamp)
    actions.add_note(CLERK, case_id=lamp.pk, words="已约赵某某上门。", public=True, at=NOON)
    steps["reply"](lamp)
    with scope((), WANG.holders):
        followed = get_followed(WANG, follower_id=row.pk)
        assert list(list_own_cases(WANG)) == []
        [listed] = list_followed(WANG, rows=list_following(WANG))
    assert [line.move for line in followed.lines] == [
        *("reply", "sign", "dispatch", "triage", "accept", "raise")
    ]
    assert followed.lines[0].said == "换了 3 盏灯。"
    assert listed.gist.state == "replied"
    for secret in ("赵某某", "19900000999", lamp.number, "楼道灯", "居民本人"):
        assert secret not in str(followed)


def test_digits_in_an_answer_are_hidden_from_followers(lamp, steps, squad):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    for name in ("accept", "triage", "dispatch", "sign"):
        steps[name](lamp)
    actions.reply_case(
        squad, case_id=lamp.pk, answer="请回电 19900000999。", outcome="solved", at=NOON
    )
    with scope((), WANG.holders):
        assert get_followed(WANG, follower_id=row.pk).lines[0].said == "请回电 ＊＊＊＊。"


def test_raw_sql_shows_a_follower_his_own_row_and_not_the_matter(lamp):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    seen = {}
    for who, areas, holders in [
        ("himself", (), WANG.holders),
        ("another resident", (), ("user:903",)),
        ("the reporter", (), LIN.holders),
        ("the next community", NEIGHBOUR.areas, ()),
        ("another district", ELSEWHERE.areas, ()),
        ("the community", CLERK.areas, ()),
    ]:
        with scope(areas, holders), connection.cursor() as cursor:
            for table in ("cases_follower", "cases_case", "workflow_statechange"):
                cursor.execute(f"SELECT count(*) FROM {table}")
                seen[who, table] = cursor.fetchone()[0]
    assert seen["himself", "cases_follower"] == 1
    assert seen["himself", "cases_case"] == seen["himself", "workflow_statechange"] == 0
    for who in ("another resident", "the reporter", "the next community", "another district"):
        assert seen[who, "cases_follower"] == 0
    assert seen["the community", "cases_follower"] == 1


def test_a_row_for_somebody_else_cannot_be_pushed_in(lamp, places):
    with pytest.raises(Exception, match="row-level security"), scope((), WANG.holders):
        Follower.objects.create(
            case_id=lamp.pk,
            division=places[112],
            holders=["user:903"],
            person="user:903",
            since=NOON,
        )


def test_the_row_goes_where_the_matter_goes(lamp):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    actions.relocate_case(TOWN, case_id=lamp.pk, division_id=113, reason="地点写错了。", at=NOON)
    assert [row.area for row in followers(lamp)] == ["1.2.12.113."]
    assert read(lamp.pk).area == "1.2.12.113."


def test_the_followers_of_a_whole_list_are_counted_at_once(lamp, raised):
    other = raised()
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    actions.follow_case(resident(903), case_id=lamp.pk, at=NOON)
    with scope(CLERK.areas, CLERK.holders), at_most(2):
        assert count_followers(CLERK, case_ids=[lamp.pk, other.pk]) == {lamp.pk: 2}
        assert count_followers(CLERK, case_ids=[]) == {}


def test_a_reference_names_a_gist_and_cannot_be_guessed():
    assert find_by_reference(reference_of(17)) == 17
    for guess in ("17", "17-", "17-0000000000000000", "x", "", reference_of(17)[:-1] + "!"):
        assert find_by_reference(guess) is None


def test_following_leaves_a_trace_for_the_auditors(lamp):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="case.follow")
    assert (entry.target, entry.user_id) == (lamp.number, 902)


def test_the_officer_sees_what_is_alike_in_his_area_with_the_reason(raised, lamps):
    own = raised(category_id=lamps.pk, body="2 单元楼道灯不亮。")
    alike = raised(category_id=lamps.pk, body="二单元的楼道灯又不亮了。")
    raised(category_id=lamps.pk, body="电梯关不上门。")
    raised(category_id=lamps.pk, division_id=113, body="2 单元楼道灯不亮。")
    with scope(CLERK.areas, CLERK.holders):
        [found] = list_similar(CLERK, case=own, at=NOON)
    assert found.case.pk == alike.pk
    assert found.why == "同一社区、同类，都说到“单元”“楼道灯”“不亮”"

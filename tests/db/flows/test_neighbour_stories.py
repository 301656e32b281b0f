"""Who hears what of a matter that several met with: each once, nobody the reporter's name."""

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import CLERK, LIN
from tests.conftest import NOON
from tests.db.flows.test_case_stories import announce, appointed, last_change, told
from tests.people import resident
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.models import Resident, User
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.cases import actions
from yukuai.cases.models import CaseCluster
from yukuai.flows.cluster_proposals import look_for_cluster
from yukuai.flows.follower_messages import NEWS, announce_to_followers
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import StateChange

__all__ = ["appointed"]
pytestmark = pytest.mark.django_db
WANG = resident(902, phone_key("19900000902"))


@pytest.fixture(autouse=True)
def people(db):
    call_command("load_message_templates", verbosity=0)
    for actor, number in ((LIN, "19900000901"), (WANG, "19900000902")):
        user = User.objects.create(pk=actor.user_id, kind="resident", username=f"u{actor.user_id}")
        keys = [user_key(user.pk), phone_key(number)]
        with scope((), keys):
            Resident.objects.create(
                user=user, phone=number, phone_hash=phone_hash(number), holders=keys
            )


@pytest.fixture
def lamp(raised, lamps):
    lamps.shareable = True
    lamps.save()
    return raised(category_id=lamps.pk, body="赵某某家门口的路灯不亮。", phone="19900000901")


def tell(case):
    announce_to_followers(SYSTEM, case_id=case.pk, change_id=last_change(case), at=NOON)


def texts(phone):
    with scope(EVERYWHERE):
        rows = Delivery.objects.filter(phone_hash=phone_hash(phone)).order_by("pk")
        return [row.text for row in rows]


def inbox(user_id):
    with scope(EVERYWHERE):
        rows = Message.objects.filter(recipient_id=user_id).order_by("pk")
        return [(row.kind, row.title, row.body, row.link) for row in rows]


def test_a_follower_gets_every_answer_but_never_the_name(lamp, steps):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    for name in ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close"):
        steps[name](lamp)
        tell(lamp)
        tell(lamp)
    got = inbox(902)
    assert [title.partition("：")[0] for _kind, title, _body, _link in got] == [
        *("收下了", "派人去办了", "有答复了", "办结了")
    ]
    assert got[2] == (
        "followed-news",
        "有答复了：公共设施坏了，南社区",
        "换了 3 盏灯。",
        f"/followed/{row.pk}/",
    )
    sent = texts("19900000902")
    assert len(sent) == 4
    for secret in ("赵某某", "19900000901", lamp.number, "路灯"):
        assert secret not in str(got)
        assert secret not in str(sent)


def test_the_reporter_is_not_told_twice_and_who_stopped_is_not_told(lamp, steps):
    row = actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    actions.unfollow_case(WANG, follower_id=row.pk, at=NOON)
    steps["accept"](lamp)
    tell(lamp)
    assert inbox(902) == []
    assert inbox(901) == []


def test_of_a_matter_that_turned_out_private_nothing_more_is_told(lamp, steps):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    steps["accept"](lamp)
    actions.triage_case(CLERK, case_id=lamp.pk, triage="private", at=NOON)
    steps["guide"](lamp)
    tell(lamp)
    assert inbox(902) == []


def test_whose_matter_was_merged_hears_the_answer_under_his_own_number(raised, steps):
    main, case = raised(), raised(WANG, phone="19900000902")
    actions.merge_case(CLERK, case_id=case.pk, into_id=main.pk, reason="同一盏灯。", at=NOON)
    announce(case, "merge")
    for name in ("accept", "triage", "dispatch", "sign", "reply"):
        steps[name](main)
    tell(main)
    tell(main)
    kinds = [kind for kind, *_rest in inbox(902)]
    assert kinds == ["case-merged", "merged-news"]
    assert inbox(902)[1][3] == f"/matters/{case.number}/"
    assert case.number in texts("19900000902")[1]
    assert main.number not in str(texts("19900000902")) + str(inbox(902))


def test_who_left_only_a_telephone_hears_by_text(raised, steps):
    main = raised()
    told_by_phone = raised(resident(904), phone="19900000904")
    with scope(EVERYWHERE):
        type(told_by_phone).objects.filter(pk=told_by_phone.pk).update(reporter_id=None)
    actions.merge_case(
        CLERK, case_id=told_by_phone.pk, into_id=main.pk, reason="同一盏灯。", at=NOON
    )
    steps["accept"](main)
    tell(main)
    assert len(texts("19900000904")) == 1


def test_parted_the_reporter_and_his_desk_hear_of_it(raised, appointed):
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    main, case = raised(), raised(WANG, phone="19900000902")
    actions.merge_case(CLERK, case_id=case.pk, into_id=main.pk, reason="同一盏灯。", at=NOON)
    actions.unmerge_case(CLERK, case_id=case.pk, reason="是另一盏灯。", at=NOON)
    announce(case, "part_submitted")
    assert told(clerk) == ["desk-arrived"]
    assert [kind for kind, *_rest in inbox(902)] == ["case-parted"]


def test_a_withdrawal_tells_plain_followers_and_frees_the_merged(raised, lamp):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    case = raised(resident(904))
    actions.merge_case(CLERK, case_id=case.pk, into_id=lamp.pk, reason="同一盏灯。", at=NOON)
    actions.withdraw_case(LIN, case_id=lamp.pk, at=NOON)
    tell(lamp)
    [(_kind, title, body, _link)] = inbox(902)
    assert title.startswith("反映的人撤回了")
    assert "可以自己反映" in body
    job = ProcrastinateJob.objects.filter(task_name__endswith="let_merged_go").latest("id")
    assert job.args["move"] == "withdraw"


def test_every_news_has_its_words(lamp, steps):
    actions.follow_case(WANG, case_id=lamp.pk, at=NOON)
    steps["accept"](lamp)
    with scope(EVERYWHERE):
        moves = set(StateChange.objects.values_list("move", flat=True))
    assert "accept" in NEWS.keys() & moves
    assert all(word and not word.endswith("。") for word in NEWS.values())


def test_the_desk_is_asked_about_a_cluster_once(raised, lamps, appointed):
    call_command("load_rulepacks", verbosity=0)
    clerk = appointed("clerk", Role.COMMUNITY_STAFF, 112)
    beside = appointed("beside", Role.COMMUNITY_STAFF, 113)
    grid = appointed("grid", Role.GRID_WORKER, 112)
    raised(category_id=lamps.pk)
    second = raised(category_id=lamps.pk)
    for _ in range(2):
        look_for_cluster(case_id=second.pk, at=NOON)
    assert told(clerk) == ["cluster-proposed"]
    assert told(beside) == told(grid) == []
    with scope(EVERYWHERE):
        assert CaseCluster.objects.count() == 1

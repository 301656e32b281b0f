"""没送到的短信: whom to telephone instead, in one's own area, with a purpose, on record."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, read, squad, steps
from tests.conftest import NOON
from tests.web.desks import at_most, at_noon, desk
from yukuai.accounts.actors import phone_key
from yukuai.accounts.policy import SYSTEM
from yukuai.audit.models import AuditEntry
from yukuai.cases import actions
from yukuai.kernel.actions import action
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.actions import About, queue_sms, receive_sms
from yukuai.messaging.models import MessageTemplate, PhoneTask
from yukuai.messaging.sending import record_receipt

__all__ = ["at_noon", "desk", "enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
LIST = "/work/calls/"
PHONE = "19900000417"


@action
def tell(actor, *, case, phone, at):
    return queue_sms(
        actor,
        phone=phone,
        template="case-received",
        values={"number": case.number, "code": "7K3Q9F"},
        dedupe=str(uuid4()),
        about=About(case.division_id, "case", case.pk, case.number),
        at=at,
    )


@pytest.fixture
def missed(db):
    """A text about this matter that did not arrive."""
    MessageTemplate.objects.create(
        code="case-received",
        channel="sms",
        text="收到 {number}，查询码 {code}。",
        placeholders=["number", "code"],
    )

    def make(case, *, phone=PHONE, at=NOON):
        with muted():
            reference: UUID = tell(SYSTEM, case=case, phone=phone, at=at).reference
        record_receipt(SYSTEM, reference=reference, delivered=False, error="空号", at=at)
        with scope(EVERYWHERE):
            return PhoneTask.objects.order_by("-pk").first()

    return make


def fresh(call):
    with scope(EVERYWHERE):
        return PhoneTask.objects.get(pk=call.pk)


def log(act):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(act=act))


def shown(response):
    return [call.number for call in response.context["page"].rows]


def test_a_text_that_did_not_arrive_is_a_call_of_its_area_and_no_others(desk, raised, missed):
    call = missed(raised())
    missed(raised(division_id=113), phone="19900000418")
    page = desk("clerk").get(LIST)
    assert shown(page) == [call.number]
    words = page.content.decode()
    assert "尾号 0417" in words
    assert "空号" in words
    assert PHONE not in words
    assert len(shown(desk("town").get(LIST))) == 2
    assert shown(desk("elsewhere").get(LIST)) == []


@pytest.mark.parametrize("who", ["neighbour", "elsewhere"])
@pytest.mark.parametrize("door", ["phone", "done", "again"])
def test_a_call_of_another_area_does_not_exist_whatever_number_is_guessed(
    desk, raised, missed, who, door
):
    call = missed(raised())
    client = desk(who)
    assert client.post(f"{LIST}{call.pk}/{door}/", {"purpose": "tell"}).status_code == 404
    assert client.get(f"{LIST}{call.pk}/phone/").status_code == 404
    assert fresh(call).done_at is None
    assert log("call.reveal") == []


@pytest.mark.parametrize("who", ["grid", "admin", "squad"])
def test_who_does_not_follow_up_does_not_telephone(desk, raised, missed, who):
    call = missed(raised())
    client = desk(who)
    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{call.pk}/phone/", {"purpose": "tell"}).status_code == 403
    assert log("call.reveal") == []


def test_the_number_is_opened_with_a_purpose_once_and_the_resident_can_read_it(
    desk, raised, missed
):
    call = missed(raised())
    clerk = desk("clerk")
    asked = clerk.get(f"{LIST}{call.pk}/phone/")
    assert PHONE not in asked.content.decode()
    answer = clerk.post(f"{LIST}{call.pk}/phone/", {"purpose": "tell"})
    words = answer.content.decode()
    assert "199 0000 0417" in words
    assert f"收到 {call.number}" in words
    assert "no-store" in answer["Cache-Control"]
    [entry] = log("call.reveal")
    assert (entry.purpose, entry.area, entry.target) == (
        "告诉他短信里的内容",
        "1.2.12.112.",
        call.number,
    )
    assert entry.holders == [phone_key(PHONE)]
    assert entry.details["fields"] == ["电话", "要说的话"]


def test_the_query_code_is_never_said_on_the_telephone(desk, raised, missed):
    call = missed(raised())
    words = desk("clerk").post(f"{LIST}{call.pk}/phone/", {"purpose": "tell"}).content.decode()
    assert "7K3Q9F" not in words
    assert "查询码 （不在电话里说）" in words
    assert "7K3Q9F" not in fresh(call).words


@pytest.mark.parametrize("purpose", ["", "curious", "tell\x00"])
def test_without_a_purpose_nothing_is_opened(desk, raised, missed, purpose):
    call = missed(raised())
    answer = desk("clerk").post(f"{LIST}{call.pk}/phone/", {"purpose": purpose})
    assert answer.status_code == 422
    assert "选一个看电话的用途" in answer.content.decode()
    assert "199 0000 0417" not in answer.content.decode()
    assert log("call.reveal") == []


def test_one_press_does_it_and_another_takes_it_back(desk, raised, missed):
    call = missed(raised())
    clerk = desk("clerk")
    for _ in range(2):
        assert clerk.post(f"{LIST}{call.pk}/done/").headers["Location"] == LIST
    assert shown(clerk.get(LIST)) == []
    assert shown(clerk.get(f"{LIST}?done=1")) == [call.number]
    done = fresh(call)
    assert (done.done_at, done.done_by_id) == (NOON, 11)
    assert clerk.post(f"{LIST}{call.pk}/phone/", {"purpose": "tell"}).status_code == 409
    assert clerk.post(f"{LIST}{call.pk}/again/").headers["Location"] == LIST
    assert (fresh(call).done_at, fresh(call).done_by) == (None, "")
    assert [len(log(act)) for act in ("call.finish", "call.reopen", "call.reveal")] == [1, 1, 0]


def test_a_matter_that_moves_takes_its_calls_and_its_later_texts_along(desk, raised, missed):
    case = raised()
    call = missed(case)
    actions.relocate_case(CLERK, case_id=case.pk, division_id=113, reason="在坡上。", at=NOON)
    assert fresh(call).area == "1.2.12.113."
    assert shown(desk("clerk").get(LIST)) == []
    assert shown(desk("neighbour").get(LIST)) == [call.number]
    later = missed(read(case.pk), at=NOON + timedelta(hours=1))
    assert later.area == "1.2.12.113."


def test_who_answers_a_text_is_called_back_about_that_matter(desk, raised, missed):
    call = missed(raised())
    for number, words in enumerate(["二楼还黑着", "请来看"]):
        receive_sms(SYSTEM, phone=PHONE, text=words, digest=str(number), at=NOON)
    clerk = desk("clerk")
    replied, _ = clerk.get(LIST).context["page"].rows
    assert (replied.is_reply, replied.number) == (True, call.number)
    assert "二楼" not in clerk.get(LIST).content.decode()
    words = clerk.post(f"{LIST}{replied.pk}/phone/", {"purpose": "ask"}).content.decode()
    assert "二楼还黑着" in words
    assert "请来看" in words


def test_a_text_about_no_matter_makes_no_call_and_a_stranger_who_writes_none_either(db, missed):
    receive_sms(SYSTEM, phone="19900000999", text="你好", digest="x", at=NOON)
    with scope(EVERYWHERE):
        assert PhoneTask.objects.count() == 0


def test_pages_go_on_and_an_empty_list_says_so(desk, raised, missed):
    clerk = desk("clerk")
    assert "没有要打的电话" in clerk.get(LIST).content.decode()
    assert "还没有打过的电话" in clerk.get(f"{LIST}?done=1").content.decode()
    case = raised()
    for n in range(52):
        missed(case, phone=f"1990000{n:04d}", at=NOON - timedelta(minutes=n // 5))
    first = clerk.get(LIST)
    second = clerk.get(LIST + first.context["page"].next_url)
    assert [len(shown(first)), len(shown(second))] == [50, 2]


def test_the_list_asks_little_of_the_database(desk, raised, missed):
    clerk = desk("clerk")
    case = raised()
    for n in range(9):
        missed(case, phone=f"1990000{n:04d}")
    clerk.get(LIST)
    with at_most(9):
        clerk.get(LIST)

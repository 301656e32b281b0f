"""How fast texts go, and what receipts say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.messaging.gateways.smpp.pace import LONGEST_PAUSE, SLOWEST, Pace
from yukuai.messaging.gateways.smpp.receipts import Receipt, plain_id, read_receipt
from yukuai.messaging.rules import Night, is_refusal, night_of

SAID = "id:{id} sub:001 dlvrd:001 submit date:2603021200 done date:2603021201 stat:{stat} err:{err}"


def send_for(pace: Pace, begins: float, ends: float) -> int:
    """How many go when there is always one more."""
    now, sent = begins, 0
    while now + (wait := pace.wait(now)) < ends:
        now += wait
        pace.take(now)
        sent += 1
    return sent


def test_no_more_than_agreed_goes_in_any_minute():
    assert send_for(Pace(20, now=0), 0, 60) in range(1195, 1222)


def test_a_complaint_pauses_and_halves_and_a_whole_window_complains_once():
    pace = Pace(20, now=0)
    for _ in range(10):
        pace.slow_down(5)
    assert (pace.rate, pace.wait(5)) == (10, 1.0)
    assert send_for(pace, 6, 16) <= 111
    pace.slow_down(20)
    assert (pace.rate, pace.wait(20)) == (5, 2.0)


def test_answers_without_a_complaint_bring_the_speed_back():
    pace = Pace(20, now=0)
    for moment in range(0, 200, 40):
        pace.slow_down(moment)
    assert pace.rate < 1
    for _ in range(50):
        pace.accepted()
    assert pace.rate == 20


@given(st.lists(st.sampled_from(["slow", "fine", "tick"]), max_size=200), st.floats(0.5, 200))
def test_the_speed_stays_between_the_slowest_and_the_agreed(events, rate):
    pace, now = Pace(rate, now=0), 0.0
    for event in events:
        now += 3.0
        if event == "slow":
            pace.slow_down(now)
        elif event == "fine":
            pace.accepted()
        assert SLOWEST <= pace.rate <= rate
        assert 0 <= pace.wait(now) <= max(LONGEST_PAUSE, 1 / SLOWEST)


@pytest.mark.parametrize(
    ("stat", "err", "delivered", "final", "sentence"),
    [
        ("DELIVRD", "000", True, True, ""),
        ("UNDELIV", "011", False, True, "手机收不到，可能关机、停机或者是空号。（代码 011）"),
        ("EXPIRED", "000", False, True, "手机一直没有收，过期了。"),
        ("REJECTD", "0", False, True, "运营商拒收。"),
        ("ACCEPTD", "000", False, False, "运营商说没有送达。"),
        ("ENROUTE", "000", False, False, "运营商说没有送达。"),
    ],
)
def test_a_receipt_says_what_became_of_a_part(stat, err, delivered, final, sentence):
    receipt = read_receipt(SAID.format(id="m1", stat=stat, err=err))
    assert receipt is not None
    assert receipt.message_id == "m1"
    assert (receipt.delivered, receipt.is_final, receipt.sentence) == (delivered, final, sentence)


def test_optional_parameters_know_better_than_the_text():
    said = SAID.format(id="m1", stat="UNDELIV", err="000")
    assert read_receipt(said, message_id="m2", state=2) == Receipt("m2", 2, "000")


@pytest.mark.parametrize("said", ["", "TD", "id: stat:", "stat:DELIVRD", "id:7 stat:NONSENSE"])
def test_what_is_no_receipt_is_none(said):
    assert read_receipt(said) is None


@given(st.text())
def test_no_text_breaks_the_reader_of_receipts(said):
    read_receipt(said)


@pytest.mark.parametrize(
    ("said", "hex_ids", "kept"),
    [("1a2b", True, "6699"), ("1a2b", False, "1a2b"), ("m-7", True, "m-7")],
)
def test_ids_in_two_spellings_are_one(said, hex_ids, kept):
    assert plain_id(said, hex_ids=hex_ids) == kept


@pytest.mark.parametrize("said", ["TD", "td", "T", "退订", " 退订。", "ＴＤ", "“退订”", "t d"])
def test_who_says_td_wants_no_texts(said):
    assert is_refusal(said)


@pytest.mark.parametrize("said", ["", "谢谢", "退休怎么办", "不退订", "TD 是什么", "我要退订吗"])
def test_who_says_something_else_does_not(said):
    assert not is_refusal(said)


def test_the_night_is_data_and_a_misspelt_hour_is_the_usual_one():
    limits = {"quiet_from": {"value": "21:30"}, "quiet_until": {"value": "half past"}}
    assert night_of(limits) == Night(night_of(limits).begins, Night().ends)
    assert f"{night_of(limits).begins:%H:%M}" == "21:30"
    assert night_of({}) == Night()

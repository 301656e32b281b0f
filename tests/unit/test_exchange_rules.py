"""When to try again, what comes first, what differs; shapes, signatures and addresses."""

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yukuai.exchange.definitions import steps_of
from yukuai.exchange.gateways import shapes, signing, webhooks, wire
from yukuai.exchange.gateways.port import Forged, Unreachable
from yukuai.exchange.gateways.protocol import preset, problems, read_time, write_time
from yukuai.exchange.rules import (
    RETRY_SECONDS,
    Ours,
    Place,
    compare,
    event_type,
    is_alike,
    next_round,
    next_try,
    place_of,
    waits_problem,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


@given(attempts=st.integers(1, 9), chance=st.floats(0, 1), percent=st.integers(0, 100))
def test_a_wait_is_never_shorter_than_said_nor_longer_than_the_jitter(attempts, chance, percent):
    waits = RETRY_SECONDS
    again = next_try(NOON, attempts=attempts, waits=waits, jitter_percent=percent, chance=chance)
    if attempts > len(waits):
        assert again is None
    else:
        least = timedelta(seconds=waits[attempts - 1])
        assert least <= again - NOON <= least * (100 + percent) / 100


def test_a_webhook_is_tried_on_and_on_an_hour_apart():
    assert next_round(NOON, attempts=1, chance=0) == NOON + timedelta(seconds=10)
    assert next_round(NOON, attempts=99, chance=0) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("waits", "fine"),
    [((60,), True), ((), False), ((0,), False), (("60",), False), ((1,) * 21, False)],
)
def test_waits_are_judged(waits, fine):
    assert (waits_problem(waits) == "") is fine


@given(last=st.integers(0, 99), step=st.integers(-99, 99))
def test_a_word_is_next_late_or_behind_a_gap_and_only_one_of_them(last, step):
    numbered = place_of(last + step, last=last, numbered=True)
    assert [numbered.next, numbered.late, numbered.gap].count(True) == 1
    assert numbered.late == (step <= 0)
    assert numbered.gap == (step > 1)
    assert place_of(last + step, last=last, numbered=False) == Place(next=step > 0, late=step <= 0)


def test_subjects_are_alike_by_their_pairs_of_signs():
    assert is_alike("小区门口路灯不亮", "小区门口的路灯不亮了")
    assert not is_alike("小区门口路灯不亮", "小区门口有人占道")
    assert not is_alike("灯", "灯")


def test_whoever_finishes_has_signed_and_nobody_signs_twice():
    assert steps_of("reply", state="dispatched") == ("sign", "reply")
    assert steps_of("reply", state="handling") == ("reply",)
    assert steps_of("sign", state="handling") == ("tell",)


def test_both_lists_of_a_day_are_put_side_by_side():
    def ours(link, external_id, state, days=0, is_open=True):
        when = NOON - timedelta(days=days)
        return Ours(link, external_id, f"ZT-{link}", state, when, is_open)

    mine = [
        ours(1, "A", "办理中"),
        ours(2, "B", "办理中"),
        ours(3, "C", "办理中", days=9),
        ours(4, "", ""),
        ours(5, "E", "办结", days=9, is_open=False),
    ]
    theirs = {"B": "办结", "C": "办理中", "D": "新", "E": "办结"}
    found = compare(mine, theirs, at=NOON, stale_days=7)
    assert [(one.kind, one.external_id, one.number) for one in found] == [
        ("missing-here", "D", ""),
        ("missing-there", "", "ZT-4"),
        ("missing-there", "A", "ZT-1"),
        ("state", "B", "ZT-2"),
        ("stale", "C", "ZT-3"),
    ]


@pytest.mark.parametrize(
    ("move", "is_move", "type"),
    [
        ("raise", False, "yukuai.case.raised.v1"),
        ("reply", True, "yukuai.case.moved.v1"),
        ("supervise", False, "yukuai.case.supervised.v1"),
        ("note", False, ""),
    ],
)
def test_what_outsiders_are_told_of(move, is_move, type):
    assert event_type(move, is_move=is_move) == type


# Shapes


@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_is_written_is_read_again(form):
    body = shapes.write(form, {"a.b": "路灯 <&>", "a.c.d": "2"}, root="request")
    tree = shapes.read(form, body)
    tree = tree if form == "json" else tree["request"]
    assert (shapes.text(tree, "a.b"), shapes.text(tree, "a.c.d")) == ("路灯 <&>", "2")
    assert shapes.text(tree, "a.missing.d") == shapes.text(tree, "a") == ""


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
        "<?xml version='1.0' encoding='utf-16'?><a>1</a>".encode("utf-16"),
        "<?xml version='1.0' encoding='cp037'?><!DOCTYPE a><a/>".encode("cp037"),
        b"<a><b>half",
        b"<a>" * 40 + b"</a>" * 40,
    ],
)
def test_xml_with_entities_another_encoding_or_half_of_it_is_not_read(body):
    with pytest.raises(Unreachable):
        shapes.read("xml", body)


def test_half_a_json_answer_is_none():
    with pytest.raises(Unreachable):
        shapes.read("json", b'{"code": 0, "data": {"eve')
    with pytest.raises(Unreachable):
        shapes.read("json", b"[" * 100_000)


# Signatures, by another hand


@pytest.mark.parametrize(("algorithm", "name"), [("hmac-sm3", "sm3"), ("hmac-sha256", "sha256")])
def test_the_signature_is_what_the_interpreters_own_hmac_says(algorithm, name):
    headers = signing.sign(algorithm, "钥匙", "路灯".encode(), at=NOON)
    message = f"{headers['X-Timestamp']}\n{headers['X-Nonce']}\n路灯".encode()
    right = hmac.new("钥匙".encode(), message, lambda data=b"": hashlib.new(name, data))
    assert headers["X-Signature"] == right.hexdigest()


@pytest.mark.parametrize(
    "changed",
    [{"stamp": "abc"}, {"stamp": ""}, {"nonce": "short"}, {"nonce": "x" * 65}, {"signature": ""}],
)
def test_a_call_with_a_bad_head_is_forged(changed):
    headers = signing.sign("hmac-sm3", "k", b"b", at=NOON)
    good = {
        "stamp": headers["X-Timestamp"],
        "nonce": headers["X-Nonce"],
        "signature": headers["X-Signature"],
    }
    signing.verify("hmac-sm3", ["other", "k"], **good, body=b"b", window=300, at=NOON)
    with pytest.raises(Forged):
        signing.verify("hmac-sm3", ["k"], **(good | changed), body=b"b", window=300, at=NOON)
    with pytest.raises(Forged):
        signing.verify("hmac-sm3", [], **good, body=b"b", window=300, at=NOON)


def test_a_webhook_carries_one_signature_a_secret():
    stamp = int(NOON.timestamp())
    said = webhooks.signature(["new", "old"], b"{}", at=NOON)
    macs = [
        hmac.new(key, f"{stamp}.".encode() + b"{}", hashlib.sha256).hexdigest()
        for key in (b"new", b"old")
    ]
    assert said == f"t={stamp},v1={macs[0]},v1={macs[1]}"


# Addresses


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://93.184.216.34/", "https://"),
        ("http://93.184.216.34/", "https://"),
        ("https://user:pass@93.184.216.34/", "不写用户名"),
        ("https:///path", "只写协议"),
        ("https://[half", "写得不对"),
        ("https://10.0.0.5/", "EXCHANGE_NETWORKS"),
        ("https://169.254.169.254/latest", "EXCHANGE_NETWORKS"),
        ("https://192.168.1.1/", "EXCHANGE_NETWORKS"),
        ("https://[fd00::1]/", "EXCHANGE_NETWORKS"),
        ("https://0.0.0.0/", "EXCHANGE_NETWORKS"),
        ("https://224.0.0.1/", "EXCHANGE_NETWORKS"),
        ("https://100.64.0.1/", "EXCHANGE_NETWORKS"),
        ("https://[::ffff:10.0.0.5]/", "EXCHANGE_NETWORKS"),
        ("https://127.0.0.1/", "本机"),
        ("https://[::1]/", "本机"),
        ("https://[::ffff:127.0.0.1]/", "本机"),
    ],
)
def test_an_address_inside_is_refused(url, sentence, settings):
    settings.DEMO = False
    assert sentence in wire.address_problem(url)


def test_an_address_outside_is_fine_and_a_private_one_where_it_is_allowed(settings):
    settings.DEMO = False
    assert wire.address_problem("https://93.184.216.34/hooks") == ""
    settings.EXCHANGE_NETWORKS = ["10.1.0.0/16"]
    assert wire.address_problem("https://10.1.2.3/") == ""
    assert "EXCHANGE_NETWORKS" in wire.address_problem("https://10.2.2.3/")


def test_only_the_demo_speaks_to_its_own_machine(settings):
    settings.DEMO = True
    assert wire.address_problem("http://127.0.0.1:8000/") == ""
    assert wire.address_problem("http://10.0.0.1/") == "地址要以 https:// 开头。"


def test_a_name_that_leads_inside_is_refused_and_the_call_goes_where_the_check_looked(
    settings, monkeypatch
):
    settings.DEMO = False
    asked = []

    def resolve(host, port, type):
        asked.append(host)
        return [(2, 1, 6, "", ("10.0.0.5" if len(asked) == 1 else "93.184.216.34", port))]

    monkeypatch.setattr(wire.socket, "getaddrinfo", resolve)
    assert "EXCHANGE_NETWORKS" in wire.address_problem("https://hooks.invalid/")
    host, address = wire._target("https://hooks.invalid/")
    assert (host, address) == ("hooks.invalid", ipaddress.ip_address("93.184.216.34"))


def test_a_name_with_one_inner_address_is_refused_altogether(settings, monkeypatch):
    settings.DEMO = False
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *a, **k: both)
    assert "EXCHANGE_NETWORKS" in wire.address_problem("https://hooks.invalid/")


# Protocols


@pytest.mark.parametrize("kind", ["governance", "letters", "one-stop", "hotline"])
def test_every_proposal_can_be_used(kind):
    assert problems(preset(kind)) == []


def test_a_protocol_says_what_is_wrong_with_it():
    broken = preset("governance")
    broken["calls"]["create"]["fields"]["event.phone"] = "phone"
    del broken["fields"]["state"]
    broken["signature"] = "none"
    said = " ".join(problems(broken))
    assert "calls.create.fields 里只能用" in said
    assert "fields.state 没有写" in said
    assert "signature 写" in said
    assert problems("x") == ["接口说明要是一组“名称 = 值”。"]
    assert problems({})


@pytest.mark.parametrize("form", ["iso", "%Y-%m-%d %H:%M:%S"])
def test_a_time_is_written_and_read_alike(form):
    assert read_time(write_time(NOON, form), form) == NOON


def test_milliseconds_are_read():
    assert read_time(str(int(NOON.timestamp() * 1000)), "milliseconds") == NOON

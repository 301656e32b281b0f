"""The session alone, against an SMS centre on a real port: no database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.standins.smsc import Smsc, running, until
from yukuai.kernel.errors import Unavailable
from yukuai.messaging.gateways.smpp.account import Account, account_of_settings
from yukuai.messaging.gateways.smpp.session import Cut, NotBound, NotWritten, Session
from yukuai.messaging.gateways.smpp.wire import Garbled, Pdu, Status, Submission, length_of, read

HELLO = Submission("8619900000417", "路灯修好了。".encode("utf-16-be"), 8, False, 417)


def account(smsc: Smsc, **told: Any) -> Account:
    told = {"password": "secret", "answer_within": 5, "source": "10690000", **told}
    return Account(host="127.0.0.1", port=smsc.port, system_id="yukuai", **told)


async def nobody(_: Pdu) -> None:
    raise AssertionError("nothing was to arrive")


def talk(
    smsc: Smsc,
    story: Callable[[Session], Awaitable[Any]],
    deliver: Callable[[Pdu], Awaitable[None]] = nobody,
    **told: Any,
) -> Any:
    async def run() -> Any:
        session = await Session.open(account(smsc, **told), deliver)
        try:
            return await story(session)
        finally:
            await session.close(politely=True)

    return asyncio.run(run())


def test_a_text_goes_out_as_it_was_meant_and_has_an_id():
    with running() as smsc:
        answer = talk(smsc, lambda session: session.submit(HELLO))
        [one] = smsc.submitted
    assert (answer.status, answer.message_id) == (Status.OK, one.message_id)
    assert (one.text, one.destination, one.source) == ("路灯修好了。", "8619900000417", "10690000")
    assert (one.registered, one.reference, one.esm_class) == (1, 417, 0)
    assert smsc.goodbyes == 1


def test_many_at_once_each_get_their_own_answer():
    async def story(session: Session) -> list[Pdu]:
        return await asyncio.gather(*[session.submit(HELLO) for _ in range(40)])

    with running(halves=True) as smsc:
        answers = talk(smsc, story)
    assert [a.message_id for a in answers] == [one.message_id for one in smsc.submitted]


def test_a_wrong_password_is_refused_at_the_door():
    with running(password="other") as smsc, pytest.raises(NotBound, match="0xe"):
        talk(smsc, lambda session: session.submit(HELLO))


def test_where_nobody_listens_nothing_is_sent():
    with running() as smsc:
        smsc.stop()
        with pytest.raises(NotBound):
            talk(smsc, lambda session: session.submit(HELLO))


def test_a_refusal_comes_back_as_it_was_said():
    with running() as smsc:
        smsc.statuses.append(Status.THROTTLED)
        answer = talk(smsc, lambda session: session.submit(HELLO))
    assert (answer.status, answer.message_id, smsc.submitted) == (Status.THROTTLED, "", [])


def test_whoever_waits_when_the_line_is_cut_learns_that_nobody_knows():
    async def story(session: Session) -> list[Any]:
        sent = [asyncio.create_task(session.submit(HELLO)) for _ in range(5)]
        done = await asyncio.gather(*sent, return_exceptions=True)
        with pytest.raises(NotWritten):
            await session.submit(HELLO)
        return done

    with running(cut_after=3) as smsc:
        done = talk(smsc, story)
    known = [one.message_id for one in done if isinstance(one, Pdu)]
    assert len(smsc.submitted) == 3
    assert known == [one.message_id for one in smsc.submitted[: len(known)]]
    assert all(isinstance(one, Cut) for one in done[len(known) :])
    assert len(known) <= 2


def test_a_centre_that_never_answers_is_left():
    with running(silent=True) as smsc, pytest.raises(Cut):
        talk(smsc, lambda session: session.submit(HELLO), answer_within=0.2)


def test_a_silent_line_is_asked_and_a_dead_one_is_left():
    async def story(session: Session) -> str:
        async with asyncio.timeout(10):
            await session.closed.wait()
        return session.why

    with running() as smsc:

        async def asked(session: Session) -> None:
            async with asyncio.timeout(10):
                while smsc.enquiries < 3:
                    await asyncio.sleep(0.01)
            assert not session.closed.is_set()

        talk(smsc, asked, enquire_every=0.05)
        smsc.deaf = True
        assert "no answer" in talk(smsc, story, enquire_every=0.1)


def test_what_arrives_is_acknowledged_after_it_was_kept_and_refused_when_it_was_not():
    kept: list[Pdu] = []

    async def keep(pdu: Pdu) -> None:
        if len(kept) == 1:
            kept.append(pdu)
            raise OSError("the disk is full")
        kept.append(pdu)

    async def story(_: Session) -> None:
        await asyncio.to_thread(smsc.bring_text, "8619900000417", "退订")
        await asyncio.to_thread(smsc.bring_receipt, "m1", "DELIVRD", optional=True)
        await asyncio.to_thread(until, lambda: len(smsc.acknowledged) == 2)

    with running() as smsc:
        talk(smsc, story, keep)
    assert [status for _, status in smsc.acknowledged] == [0, Status.TRY_LATER]
    text, receipt = kept
    assert (text.source, text.octets.decode("utf-16-be")) == ("8619900000417", "退订")
    assert (receipt.is_receipt, receipt.message_id, receipt.message_state) == (True, "m1", 2)


def test_what_cannot_be_read_is_said_to_be_so_and_the_next_is_read():
    unknown = bytes.fromhex("00000010 00000abc 00000000 00000007")
    torn = bytes.fromhex("00000014 00000005 00000000 00000008 00010102")
    enquire = bytes.fromhex("00000010 00000015 00000000 00000009")

    async def story(session: Session) -> Pdu:
        await asyncio.to_thread(smsc.say, unknown + torn + enquire)
        return await session.submit(HELLO)

    async def ignore(_: Pdu) -> None:
        return

    with running() as smsc:
        answer = talk(smsc, story, ignore)
    assert answer.status == Status.OK
    assert smsc.nacks >= 1


@pytest.mark.parametrize("garbage", [b"\r\n\r\n", b"\xff" * 64, b"HTTP/1.1 200 OK\r\n"])
def test_garbage_ends_the_line_and_hangs_nothing(garbage):
    async def story(session: Session) -> str:
        await asyncio.to_thread(smsc.say, garbage)
        async with asyncio.timeout(10):
            await session.closed.wait()
        return session.why

    with running() as smsc:
        assert "octets" in talk(smsc, story)


def test_a_centre_that_says_unbind_is_left_in_peace():
    async def story(session: Session) -> str:
        await asyncio.to_thread(smsc.say, bytes.fromhex("00000010 00000006 00000000 00000003"))
        async with asyncio.timeout(10):
            await session.closed.wait()
        return session.why

    with running() as smsc:
        assert "unbind" in talk(smsc, story)


@pytest.mark.parametrize("length", [0, 15, 70_001, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_garbage(length):
    with pytest.raises(Garbled):
        length_of(length.to_bytes(4))


def test_no_octets_break_the_reader_otherwise_than_as_garbage():
    head = bytes.fromhex("00000000 00000005 00000000 00000001")
    for size in range(60):
        for filling in (b"\0", b"\xff", b"\x01"):
            try:
                read(head + filling * size)
            except Garbled:
                continue


def test_the_settings_name_what_is_missing(settings):
    settings.SMPP = {**settings.SMPP, "host": "smsc.invalid", "system_id": ""}
    with pytest.raises(Unavailable, match="SMPP_SYSTEM_ID、SMPP_PASSWORD"):
        account_of_settings()


def test_the_password_is_not_printed():
    assert "geheim" not in repr(Account("smsc.invalid", 2775, "yukuai", "geheim"))


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("8619900000417", "19900000417"),
        ("+8619900000417", "19900000417"),
        ("19900000417", "19900000417"),
        ("10086", "10086"),
    ],
)
def test_an_address_of_the_network_is_a_number_as_we_keep_it(address, phone):
    assert Account("h", 1, "s", "p").phone_of(address) == phone

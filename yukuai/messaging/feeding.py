"""The process between the queue of parts and the SMS centre: `manage.py smpp_gateway`.

One at a time: it holds a lock of the database, and a second one waits for it. It may be killed at
any moment; what it leaves behind is told in spooling.py.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.rules import phone_problem
from yukuai.kernel import clock
from yukuai.kernel.crypto import keyed_hash
from yukuai.messaging import spooling
from yukuai.messaging.actions import receive_sms
from yukuai.messaging.gateways.smpp import wire
from yukuai.messaging.gateways.smpp.account import Account
from yukuai.messaging.gateways.smpp.pace import Pace
from yukuai.messaging.gateways.smpp.queue import CHANNEL
from yukuai.messaging.gateways.smpp.receipts import plain_id, read_receipt
from yukuai.messaging.gateways.smpp.session import Cut, NotBound, NotWritten, Session
from yukuai.messaging.gateways.smpp.wire import Pdu, Status, Submission
from yukuai.messaging.parts import decode, encode, header, read_header
from yukuai.messaging.spooling import OutgoingPart

log = logging.getLogger("yukuai.smpp")
P = ParamSpec("P")
R = TypeVar("R")
POLL = 2.0
BEAT = 5.0
LAST_ANSWERS = 10.0
SAME_TEXT_WITHIN = 600
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('yukuai.smpp_gateway', 0))"
_NOT_LIBPQ = {"cursor_factory", "context", "prepare_threshold", "client_encoding"}


class Feeder:
    def __init__(self, account: Account) -> None:
        self.account = account
        self.stop, self.work = asyncio.Event(), asyncio.Event()
        self.session: Session | None = None
        self.running: set[asyncio.Task[None]] = set()
        self.pace = Pace(account.rate, now=self._now())
        self._thread = ThreadPoolExecutor(1, "smpp-database")

    async def run(self) -> None:
        """Until `stop` is set. Raises nothing that waiting could mend."""
        beating = asyncio.create_task(self._beat())
        try:
            while not self.stop.is_set():
                try:
                    await self._stand_at_the_gateway()
                except (DatabaseError, psycopg.Error) as error:
                    log.warning("the database does not answer: %s", type(error).__name__)
                    await self._rest(self.account.first_wait)
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError, DatabaseError):
                await self._database(self._say_link, "stopped")
                await self._database(connection.close)
            self._thread.shutdown()

    async def _stand_at_the_gateway(self) -> None:
        """As long as the lock is ours."""
        async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as ear:
            if not await _lock(ear):
                await self._rest(POLL)
                return
            await ear.execute(f"LISTEN {CHANNEL}")
            listening = asyncio.create_task(self._listen(ear))
            try:
                await self._keep_bound(listening)
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _keep_bound(self, listening: asyncio.Task[None]) -> None:
        wait = self.account.first_wait
        while not self.stop.is_set() and not listening.done():
            while await self._database(spooling.recover_parts, SYSTEM, at=clock.now()):
                pass
            try:
                self.session = await Session.open(self.account, self._deliver)
            except NotBound as error:
                log.warning("not bound to the SMS centre: %s; again in %g s", error, wait)
                await self._database(self._say_link, str(error))
                await self._rest(wait)
                wait = min(wait * 2, self.account.longest_wait)
                continue
            wait = self.account.first_wait
            log.info("bound to the SMS centre")
            try:
                await self._database(self._say_link)
                await self._feed(self.session, listening)
            finally:
                await self._leave(self.session)

    async def _feed(self, session: Session, listening: asyncio.Task[None]) -> None:
        while not (self.stop.is_set() or session.closed.is_set() or listening.done()):
            self.work.clear()
            free = self.account.window - len(self.running)
            if free <= 0:
                await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
            elif (delay := self.pace.wait(self._now())) > 0:
                await self._rest(min(delay, BEAT))
            elif not await self._send_next(session, min(free, int(self.pace.tokens) or 1)):
                await self._rest(POLL, self.work, session.closed)

    async def _send_next(self, session: Session, limit: int) -> bool:
        parts = await self._database(spooling.claim_parts, SYSTEM, limit=limit, at=clock.now())
        for part in parts:
            self.pace.take(self._now())
            task = asyncio.create_task(self._send(session, part))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return bool(parts)

    async def _send(self, session: Session, part: OutgoingPart) -> None:
        step: Callable[..., None]
        try:
            answer = await session.submit(_submission(self.account, part))
        except NotWritten:
            step = spooling.release_part
        except Cut:
            step = spooling.note_cut
        else:
            step = self._judge(answer)
        try:
            await self._database(step, SYSTEM, part_id=part.id, at=clock.now())
        except DatabaseError as error:  # whoever binds next finds it on its way
            session.hang_up(f"the database does not answer: {type(error).__name__}")

    def _judge(self, answer: Pdu) -> Callable[..., None]:
        if answer.status in wire.SLOWER:
            self.pace.slow_down(self._now())
            return spooling.delay_part
        if answer.status != Status.OK or answer.command != "submit_sm_resp":
            hopeless = answer.status in wire.HOPELESS
            return partial(spooling.note_refused, status=answer.status, hopeless=hopeless)
        self.pace.accepted()
        if not answer.message_id:  # taken, and no receipt will ever find it
            return spooling.note_cut
        message_id = plain_id(answer.message_id, hex_ids=self.account.hex_ids)
        return partial(spooling.note_accepted, message_id=message_id)

    async def _leave(self, session: Session) -> None:
        """Politely after `stop`: what is on its way gets its answer first."""
        polite = self.stop.is_set()
        if polite and self.running:
            await asyncio.wait(self.running, timeout=LAST_ANSWERS)
        await session.close(politely=polite)
        if self.running:
            await asyncio.gather(*self.running, return_exceptions=True)
        log.info("no longer bound: %s", session.why)
        self.session = None

    async def _deliver(self, pdu: Pdu) -> None:
        """What the SMS centre brings. Kept when this returns."""
        if pdu.is_receipt:
            await self._take_receipt(pdu)
        else:
            await self._take_text(pdu)

    async def _take_receipt(self, pdu: Pdu) -> None:
        said = decode(pdu.octets, pdu.data_coding)
        receipt = read_receipt(said, message_id=pdu.message_id, state=pdu.message_state)
        if receipt is None:
            log.warning("a receipt that nobody can read")
            return
        note = partial(spooling.note_part_receipt, SYSTEM, receipt=receipt, at=clock.now())
        if await self._database(note):
            return
        if self.running:  # it may have overtaken the answer to its own submission
            await asyncio.wait(set(self.running), timeout=LAST_ANSWERS)
        if not await self._database(note):
            log.info("a receipt for a text that is not ours")

    async def _take_text(self, pdu: Pdu) -> None:
        phone = self.account.phone_of(pdu.source)
        if phone_problem(phone):
            log.info("a text from something that is no mobile telephone")
            return
        octets, mark = pdu.octets, ""
        if pdu.has_header:
            piece, octets = read_header(octets)
            mark = f"（第 {piece.number} 条，共 {piece.total} 条）" if piece.total > 1 else ""
        text = mark + decode(octets, pdu.data_coding).strip()
        at = clock.now()
        window = int(at.timestamp()) // SAME_TEXT_WITHIN
        digest = keyed_hash(f"{phone}:{window}:{text}", purpose="sms.incoming")
        receive = partial(receive_sms, SYSTEM, phone=phone, text=text, digest=digest, at=at)
        await self._database(receive)

    async def _listen(self, ear: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        """Ends when the connection does, and the lock with it."""
        async for _ in ear.notifies():
            self.work.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            if self.session is not None and not self.session.closed.is_set():
                with contextlib.suppress(DatabaseError):
                    await self._database(self._say_link)

    def _say_link(self, error: str = "") -> None:
        spooling.note_link(
            SYSTEM, bound=not error, rate=self.pace.rate, error=error, at=clock.now()
        )

    async def _rest(self, seconds: float, *events: asyncio.Event) -> None:
        """Until one of these happens, or somebody says stop, at most so long."""
        waiting = [asyncio.create_task(event.wait()) for event in (self.stop, *events)]
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _database(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """In the one thread that talks to it."""
        work = partial(_fresh, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _fresh(function: Callable[[], R]) -> R:
    connection.close_if_unusable_or_obsolete()
    return function()


def _submission(account: Account, out: OutgoingPart) -> Submission:
    head = header(out.part, reference=out.reference, wide=account.wide_reference)
    return Submission(
        destination=account.destination(out.phone),
        octets=head + encode(out.part.text, out.part.alphabet),
        data_coding=out.part.alphabet.data_coding,
        has_header=bool(head),
        reference=out.reference,
    )


def _conninfo() -> str:
    params = connection.get_connection_params()
    kept: dict[str, Any] = {
        name: value
        for name, value in params.items()
        if name not in _NOT_LIBPQ and isinstance(value, str | int)
    }
    return psycopg.conninfo.make_conninfo(**kept)


async def _lock(ear: psycopg.AsyncConnection[tuple[object, ...]]) -> bool:
    answer = await (await ear.execute(_LOCK)).fetchone()
    return bool(answer and answer[0])

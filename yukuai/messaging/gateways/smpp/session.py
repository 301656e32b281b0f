"""One bound connection to an SMS centre: what was sent waits for its answer, what arrives is
answered after it was kept. It knows nothing of the database."""

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable

from yukuai.messaging.gateways.smpp import wire
from yukuai.messaging.gateways.smpp.account import Account
from yukuai.messaging.gateways.smpp.wire import Garbled, Pdu, Status, Submission

log = logging.getLogger("yukuai.smpp")
LAST_SEQUENCE = 0x7FFFFFFF
GOODBYE = 5
Deliver = Callable[[Pdu], Awaitable[None]]


class NotBound(Exception):
    """No connection, or the centre does not let us in. Nothing was sent."""


class NotWritten(Exception):
    """The connection was gone before the text went out."""


class Cut(Exception):
    """It went out, and nobody will ever say what became of it."""


class Session:
    def __init__(
        self,
        account: Account,
        deliver: Deliver,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.account, self.deliver = account, deliver
        self.reader, self.writer = reader, writer
        self.waiting: dict[int, asyncio.Future[Pdu]] = {}
        self.arrived: asyncio.Queue[Pdu] = asyncio.Queue(maxsize=1000)
        self.closed = asyncio.Event()
        self.why = ""
        self.heard_at = asyncio.get_running_loop().time()
        self._sequence = 0
        self._tasks: list[asyncio.Task[None]] = []

    @classmethod
    async def open(cls, account: Account, deliver: Deliver) -> "Session":
        """Connected and bound as a transceiver. Raises NotBound."""
        security = ssl.create_default_context() if account.tls else None
        try:
            async with asyncio.timeout(account.connect_within):
                streams = await asyncio.open_connection(account.host, account.port, ssl=security)
        except (OSError, TimeoutError) as error:
            raise NotBound(f"{type(error).__name__}") from error
        session = cls(account, deliver, *streams)
        session._tasks.append(asyncio.create_task(session._read()))
        try:
            answer = await session._ask(lambda n: wire.bind(account, n), account.connect_within)
        except (Cut, NotWritten) as error:
            await session.close()
            raise NotBound(session.why or "no answer to the bind") from error
        if answer.status != Status.OK:
            await session.close()
            raise NotBound(f"refused with {answer.status:#x}")
        session._tasks += [
            asyncio.create_task(session._hand_over()),
            asyncio.create_task(session._keep_alive()),
        ]
        return session

    @property
    def in_flight(self) -> int:
        return len(self.waiting)

    async def submit(self, submission: Submission) -> Pdu:
        """The answer, whatever it says. Raises NotWritten or Cut."""
        return await self._ask(
            lambda n: wire.submit(self.account, submission, n), self.account.answer_within
        )

    async def close(self, *, politely: bool = False) -> None:
        """What still waits for an answer is Cut. Politely: what arrived is handed over first."""
        if politely and not self.closed.is_set():
            with contextlib.suppress(Cut, NotWritten):
                await self._ask(lambda n: wire.plain("unbind", n), GOODBYE)
        self.hang_up("closed by us")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self.writer.wait_closed()

    async def _ask(self, make: Callable[[int], bytes], within: float) -> Pdu:
        sequence = self._next()
        if self.closed.is_set() or self.writer.is_closing():
            raise NotWritten
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        self.waiting[sequence] = answer
        self.writer.write(make(sequence))
        try:
            async with asyncio.timeout(within):
                await self.writer.drain()
                return await answer
        except (OSError, TimeoutError) as error:
            self.hang_up(f"no answer within {within:g} s")
            raise Cut from error
        finally:
            self.waiting.pop(sequence, None)
            if not answer.cancel() and not answer.cancelled():
                answer.exception()  # looked at, or asyncio complains

    def _next(self) -> int:
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        return self._sequence

    def hang_up(self, why: str) -> None:
        """The line is dead: whoever waits for an answer gets none."""
        if self.closed.is_set():
            return
        self.why = why
        self.closed.set()
        self.writer.close()
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(Cut())

    async def _read(self) -> None:
        why = "the centre hung up"
        try:
            while True:
                head = await self.reader.readexactly(4)
                rest = await self.reader.readexactly(wire.length_of(head) - 4)
                self.heard_at = asyncio.get_running_loop().time()
                await self._take(head + rest)
        except (asyncio.IncompleteReadError, OSError):
            pass
        except Garbled as error:
            why = str(error)
        finally:
            self.hang_up(why)

    async def _take(self, octets: bytes) -> None:
        """A PDU that we cannot read is said to be so; the next one may be all right."""
        sequence = int.from_bytes(octets[12:16])
        try:
            pdu = wire.read(octets)
        except Garbled as error:
            log.warning("%s, answered with a generic_nack", error)
            self._say("generic_nack", sequence, Status.BAD_COMMAND)
            return
        if pdu.is_answer:
            answer = self.waiting.get(sequence)
            if answer is not None and not answer.done():
                answer.set_result(pdu)
        elif pdu.command == "deliver_sm":
            await self.arrived.put(pdu)
        elif pdu.command == "enquire_link":
            self._say("enquire_link_resp", sequence)
        elif pdu.command == "unbind":
            self._say("unbind_resp", sequence)
            raise Garbled("the centre said unbind")
        else:
            self._say("generic_nack", sequence, Status.BAD_COMMAND)

    async def _hand_over(self) -> None:
        """In the order of arrival; acknowledged only when it was kept, so that the centre sends
        again what we lost."""
        while True:
            pdu = await self.arrived.get()
            status = Status.OK
            try:
                await self.deliver(pdu)
            except Exception:
                log.exception("a deliver_sm could not be kept; the centre will send it again")
                status = Status.TRY_LATER
            self._say("deliver_sm_resp", pdu.sequence, status)

    async def _keep_alive(self) -> None:
        """Ask when nothing was heard for a while; without an answer the line is dead."""
        clock, every = asyncio.get_running_loop().time, self.account.enquire_every
        while not self.closed.is_set():
            silent = clock() - self.heard_at
            if silent < every:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.closed.wait(), every - silent)
                continue
            with contextlib.suppress(Cut, NotWritten):
                await self._ask(lambda n: wire.plain("enquire_link", n), every)

    def _say(self, name: str, sequence: int, status: int = Status.OK) -> None:
        if not self.closed.is_set():
            self.writer.write(wire.plain(name, sequence, status))

"""An SMS centre on a real port, that speaks enough of SMPP 3.4 to be pleasant or horrible.

It shares no line with the product: its octets are packed here by hand from the specification.
"""

import asyncio
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

BIND, BIND_RESP = 0x09, 0x80000009
SUBMIT, SUBMIT_RESP = 0x04, 0x80000004
DELIVER, DELIVER_RESP = 0x05, 0x80000005
ENQUIRE, ENQUIRE_RESP = 0x15, 0x80000015
UNBIND, UNBIND_RESP = 0x06, 0x80000006
NACK = 0x80000000
WAIT = 30


@dataclass(frozen=True)
class Submitted:
    """One submit_sm as it came over the wire."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    registered: int
    octets: bytes
    reference: int
    message_id: str

    @property
    def header(self) -> bytes:
        return self.octets[: self.octets[0] + 1] if self.esm_class & 0x40 else b""

    @property
    def text(self) -> str:
        body = self.octets[len(self.header) :]
        return body.decode("utf-16-be") if self.data_coding == 8 else body.decode("ascii")

    @property
    def place(self) -> tuple[int, int, int]:
        """Reference, how many, which one."""
        return tuple(self.header[3:6]) if self.header else (0, 1, 1)  # type: ignore[return-value]


@dataclass
class Smsc:
    password: str = "secret"
    host: str = "127.0.0.1"
    port: int = 0
    submitted: list[Submitted] = field(default_factory=list)
    binds: int = 0
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    enquiries: int = 0
    goodbyes: int = 0
    nacks: int = 0
    statuses: deque[int] = field(default_factory=deque)
    """What the next submissions are answered with; then 0."""
    status_of: dict[str, int] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    """By destination: what a receipt says at once. '*' for all others."""
    receipt_first: bool = False
    silent: bool = False
    """Takes everything, answers nothing."""
    deaf: bool = False
    """Does not even answer an enquire_link."""
    hex_ids: bool = False
    empty_ids: bool = False
    slow: float = 0
    halves: bool = False
    """Every answer in two pieces, with a pause between."""
    cut_after: int | None = None
    """Hangs up after so many more submissions, the last one unanswered."""

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_id = 1000
        self._next_sequence = 0

    # What a test does with it

    def start(self) -> None:
        async def listen() -> None:
            self._server = await asyncio.start_server(self._serve, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]

        self._call(listen())

    def stop(self) -> None:
        """Hangs up on everybody and listens no more; `start` listens on the same port again."""

        async def close() -> None:
            if self._server is not None:
                self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            self._writers.clear()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

        self._call(close())

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(WAIT)
        self._loop.close()

    def say(self, octets: bytes) -> None:
        """Whatever it is, to everybody who is bound."""
        self._call(self._say(octets))

    def bring_receipt(self, message_id: str, stat: str, *, optional: bool = False) -> None:
        self.say(self._receipt(message_id, "8619900000417", stat, optional=optional))

    def bring_text(self, source: str, text: str, *, header: bytes = b"") -> None:
        octets = header + text.encode("utf-16-be")
        esm = 0x40 if header else 0
        self.say(self._deliver(source, octets, esm_class=esm, data_coding=8))

    def sent_to(self, phone: str) -> list[Submitted]:
        return [one for one in list(self.submitted) if one.destination.endswith(phone)]

    def shown(self, phone: str) -> list[str]:
        """What a person reads: parts of one reference joined, the same part again not twice."""
        texts: dict[tuple[int, int, int], dict[int, str]] = {}
        for one in self.sent_to(phone):
            header, total, number = one.place
            texts.setdefault((one.reference, header, total), {})[number] = one.text
        return [
            "".join(parts[number] for number in sorted(parts))
            for (_, _, total), parts in texts.items()
            if len(parts) == total
        ]

    # Inside

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(WAIT)

    async def _say(self, octets: bytes) -> None:
        for writer in self._writers:
            writer.write(octets)
            await writer.drain()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                head = await reader.readexactly(16)
                length, command, status, sequence = struct.unpack(">IIII", head)
                body = await reader.readexactly(length - 16)
                await self._take(writer, command, status, sequence, body)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            if writer in self._writers:
                self._writers.remove(writer)
            writer.transport.abort()

    async def _take(
        self, writer: asyncio.StreamWriter, command: int, status: int, sequence: int, body: bytes
    ) -> None:
        if command == BIND:
            await self._bind(writer, sequence, body)
        elif command == SUBMIT:
            await self._submit(writer, sequence, body)
        elif command == ENQUIRE:
            self.enquiries += 1
            if not self.deaf:
                await self._answer(writer, _pdu(ENQUIRE_RESP, 0, sequence))
        elif command == UNBIND:
            self.goodbyes += 1
            await self._answer(writer, _pdu(UNBIND_RESP, 0, sequence))
        elif command == DELIVER_RESP:
            self.acknowledged.append((sequence, status))
        elif command == NACK:
            self.nacks += 1

    async def _bind(self, writer: asyncio.StreamWriter, sequence: int, body: bytes) -> None:
        system_id, password, *_ = body.split(b"\0")
        right = password.decode() == self.password and system_id == b"yukuai"
        if right:
            self.binds += 1
            self._writers.append(writer)
        await self._answer(writer, _pdu(BIND_RESP, 0 if right else 0x0E, sequence, b"TEST\0"))

    async def _submit(self, writer: asyncio.StreamWriter, sequence: int, body: bytes) -> None:
        if self.slow:
            await asyncio.sleep(self.slow)
        one = self._parse(body)
        status = self.status_of.get(one.destination, 0)
        status = self.statuses.popleft() if self.statuses else status
        if status:
            await self._answer(writer, _pdu(SUBMIT_RESP, status, sequence))
            return
        self.submitted.append(one)
        if self.cut_after is not None:
            self.cut_after -= 1
            if self.cut_after <= 0:
                self.cut_after = None
                raise ConnectionAbortedError  # what has come in meanwhile is lost with the line
        if self.silent:
            return
        said = "" if self.empty_ids else one.message_id
        answer = _pdu(SUBMIT_RESP, 0, sequence, f"{said}\0".encode())
        stat = self.receipts.get(one.destination, self.receipts.get("*", ""))
        plain = str(int(one.message_id, 16)) if self.hex_ids else one.message_id
        receipt = self._receipt(plain, one.destination, stat) if stat else b""
        first, second = (receipt, answer) if self.receipt_first else (answer, receipt)
        await self._answer(writer, first + second)

    def _parse(self, body: bytes) -> Submitted:
        at = 0

        def text() -> str:
            nonlocal at
            end = body.index(b"\0", at)
            value, at = body[at:end].decode(), end + 1
            return value

        def octet() -> int:
            nonlocal at
            at += 1
            return body[at - 1]

        text(), octet(), octet()
        source = text()
        octet(), octet()
        destination = text()
        esm_class, _, _ = octet(), octet(), octet()
        text(), text()
        registered, _, data_coding, _, length = octet(), octet(), octet(), octet(), octet()
        octets, rest = body[at : at + length], body[at + length :]
        assert len(octets) == length, "sm_length lies"
        reference = 0
        while rest:
            tag, size = struct.unpack(">HH", rest[:4])
            if tag == 0x0204:
                reference = int.from_bytes(rest[4 : 4 + size])
            rest = rest[4 + size :]
        self._next_id += 1
        name = f"{self._next_id:x}" if self.hex_ids else f"m{self._next_id}"
        return Submitted(
            source, destination, esm_class, data_coding, registered, octets, reference, name
        )

    async def _answer(self, writer: asyncio.StreamWriter, octets: bytes) -> None:
        if self.halves:
            writer.write(octets[:7])
            await writer.drain()
            await asyncio.sleep(0.05)
            octets = octets[7:]
        writer.write(octets)
        await writer.drain()

    def _receipt(self, message_id: str, source: str, stat: str, *, optional: bool = False) -> bytes:
        said = f"id:{message_id} sub:001 dlvrd:001 submit date:2603021200 done date:2603021201 "
        said += f"stat:{stat} err:{'000' if stat == 'DELIVRD' else '011'} text:"
        if not optional:
            return self._deliver(source, said.encode(), esm_class=0x04)
        state = {"DELIVRD": 2, "UNDELIV": 5, "ENROUTE": 1}[stat]
        name = f"{message_id}\0".encode()
        more = struct.pack(">HH", 0x001E, len(name)) + name
        more += struct.pack(">HHB", 0x0427, 1, state) + struct.pack(">HHB", 0x0422, 1, 0)
        more += struct.pack(">HH3s", 0x1400, 3, b"abc")  # a parameter of the maker's own
        return self._deliver(source, b"", esm_class=0x04, more=more)

    def _deliver(
        self,
        source: str,
        octets: bytes,
        *,
        esm_class: int = 0,
        data_coding: int = 0,
        more: bytes = b"",
    ) -> bytes:
        self._next_sequence += 1
        body = b"\0\x01\x01" + source.encode() + b"\0\0\x01" + b"10690000\0"
        body += bytes([esm_class, 0, 0]) + b"\0\0" + bytes([0, 0, data_coding, 0, len(octets)])
        return _pdu(DELIVER, 0, self._next_sequence, body + octets + more)


def _pdu(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


def until(true: Callable[[], Any], *, within: float = WAIT) -> Any:
    """The first thing that is true; a test that waits in vain fails."""
    rounds = int(within / 0.02)
    for _ in range(rounds):
        if found := true():
            return found
        threading.Event().wait(0.02)
    raise AssertionError(f"not so within {within} s")


@contextmanager
def running(**told: Any) -> Iterator[Smsc]:
    smsc = Smsc(**told)
    smsc.start()
    try:
        yield smsc
    finally:
        smsc.end()

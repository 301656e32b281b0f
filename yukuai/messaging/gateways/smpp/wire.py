"""Our words for what goes over the wire; the octets themselves are smpplib's."""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from smpplib import command, command_codes, consts, exceptions, smpp
from smpplib.ptypes import ostr

from yukuai.messaging.gateways.smpp.account import Account

HEADER = 16
LONGEST = 70_000
"""A payload of 65,535 octets and the fields around it; a longer one is no SMPP."""
UDHI = 0x40
RECEIPT = 0x04
RECEIPT_MASK = 0x3C
WANT_RECEIPT = 1
INTERNATIONAL, ISDN = 1, 1
ALPHANUMERIC, UNKNOWN = 5, 0


class Status(IntEnum):
    OK = 0x00
    BAD_COMMAND = 0x03
    SYSTEM_ERROR = 0x08
    BAD_DESTINATION = 0x0B
    QUEUE_FULL = 0x14
    THROTTLED = 0x58
    TRY_LATER = 0x64


SLOWER = frozenset({Status.QUEUE_FULL, Status.THROTTLED})
HOPELESS = frozenset({Status.BAD_DESTINATION})
"""The same answer tomorrow: nobody has this number."""


class Garbled(Exception):
    """What arrived is no SMPP, or not the SMPP we can read."""


@dataclass(frozen=True)
class Submission:
    destination: str
    octets: bytes
    data_coding: int
    has_header: bool
    reference: int


@dataclass(frozen=True)
class Pdu:
    """One that arrived; `octets` is the text of a deliver_sm, `message_id` of an answer or a
    receipt."""

    command: str
    sequence: int
    status: int
    source: str = ""
    octets: bytes = b""
    data_coding: int = 0
    esm_class: int = 0
    message_id: str = ""
    message_state: int | None = None

    @property
    def is_answer(self) -> bool:
        return self.command.endswith("_resp") or self.command == "generic_nack"

    @property
    def is_receipt(self) -> bool:
        return self.esm_class & RECEIPT_MASK == RECEIPT

    @property
    def has_header(self) -> bool:
        return bool(self.esm_class & UDHI)


class _Numbered:
    """smpplib asks its client for sequence numbers; we count ourselves."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence

    def next_sequence(self) -> int:
        return self.sequence


def bind(account: Account, sequence: int) -> bytes:
    return _octets(
        "bind_transceiver",
        sequence,
        system_id=account.system_id,
        password=account.password,
        system_type=account.system_type,
    )


def submit(account: Account, submission: Submission, sequence: int) -> bytes:
    digits = account.source.isdigit()
    return _octets(
        "submit_sm",
        sequence,
        source_addr_ton=UNKNOWN if digits else ALPHANUMERIC,
        source_addr_npi=ISDN if digits else UNKNOWN,
        source_addr=account.source,
        dest_addr_ton=INTERNATIONAL,
        dest_addr_npi=ISDN,
        destination_addr=submission.destination,
        esm_class=UDHI if submission.has_header else 0,
        registered_delivery=WANT_RECEIPT,
        data_coding=submission.data_coding,
        short_message=submission.octets,
        user_message_reference=submission.reference,
    )


def plain(name: str, sequence: int, status: int = Status.OK) -> bytes:
    """One without a body: enquire_link, unbind, and the answers we give."""
    return _octets(name, sequence, status=status)


def _octets(name: str, sequence: int, **fields: Any) -> bytes:
    made = smpp.make_pdu(name, client=_Numbered(sequence), sequence=sequence, **fields)
    made.sequence, made.status = sequence, fields.get("status", Status.OK)
    octets: bytes = made.generate()
    return octets


def length_of(head: bytes) -> int:
    """Of the first four octets. Raises Garbled where no PDU can be so long."""
    (length,) = struct.unpack(">L", head)
    if not HEADER <= length <= LONGEST:
        raise Garbled(f"a PDU of {length} octets")
    return int(length)


def read(octets: bytes) -> Pdu:
    """Raises Garbled."""
    _, number, status, sequence = struct.unpack(">LLLL", octets[:HEADER])
    try:
        name: str = command_codes.get_command_name(number)
        found = _readable(name, sequence)
        if len(octets) > HEADER:
            found.parse_params(octets[HEADER:])
    except (exceptions.UnknownCommandError, struct.error, KeyError, ValueError, TypeError) as error:
        raise Garbled(f"PDU {number:#x}: {type(error).__name__}") from error
    return Pdu(
        command=name,
        sequence=sequence,
        status=status,
        source=_text(found, "source_addr"),
        octets=_field(found, "short_message") or _field(found, "message_payload") or b"",
        data_coding=_field(found, "data_coding") or 0,
        esm_class=_field(found, "esm_class") or 0,
        message_id=_text(found, "receipted_message_id") or _text(found, "message_id"),
        message_state=_field(found, "message_state"),
    )


_ANY_PARAMETER = {name: command.Param(type=ostr) for name in consts.OPTIONAL_PARAMS}


def _readable(name: str, sequence: int) -> Any:
    """One that skips the optional parameters nobody told smpplib of, instead of giving up."""
    client = _Numbered(sequence)
    made = smpp.make_pdu(name, client=client, allow_unknown_opt_params=True)
    made.params = _ANY_PARAMETER | made.params
    return made


def _field(found: Any, name: str) -> Any:
    return getattr(found, name, None)


def _text(found: Any, name: str) -> str:
    value = _field(found, name)
    return value.decode("latin-1").strip("\0 ") if isinstance(value, bytes) else ""

"""What goes over the wire. Times are ISO 8601 with offset; codes are those of the code tables."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


class DivisionOut(Schema):
    id: int
    code: str
    name: str
    kind: str
    place: str = Field(description="full place, root first")


class ResolvedOut(Schema):
    asked: str = Field(description="the code asked for, of whatever time")
    division: DivisionOut
    current: list[DivisionOut] = Field(description="who bears it, or succeeded to it, today")


class CategoryOut(Schema):
    code: str
    name: str
    plain_name: str


class CaseIn(Schema):
    """A matter somebody told the client's own desk."""

    model_config = ConfigDict(extra="forbid")

    division_code: str = Field(
        min_length=1, description="12-digit code of the village or community, any year"
    )
    body: str = Field(min_length=1, max_length=2000)
    category_code: str = ""
    place_text: str = Field("", max_length=120)
    wanted: str = Field("", max_length=200)
    name: str = Field("", max_length=40)
    phone: str = Field("", pattern=r"^(1[3-9]\d{9})?$")
    anonymous: bool = False


class ReceiptOut(Schema):
    number: str
    code: str = Field(description="number and code together open the matter at /follow/")


class CaseOut(Schema):
    """Without content: what every client may read."""

    number: str
    state: str
    state_label: str
    triage: str
    category_code: str | None
    division_code: str
    division_name: str
    unit: str | None
    source: str
    urgent: bool
    to_place: bool = Field(description="lies with a district until it is placed")
    received_at: datetime
    promised_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    changed_at: datetime


class CaseDetailOut(CaseOut):
    """With the fields the client has declared; the others are null."""

    body: str | None = None
    place_text: str | None = None
    answer: str | None = None
    outcome: str | None = None


class CasesOut(Schema):
    items: list[CaseOut]
    next: str | None = Field(description="cursor of the next page")


class EventsOut(Schema):
    """CloudEvents 1.0, as they are pushed: the same events with the same ids."""

    items: list[dict[str, Any]]
    next: int = Field(description="cursor behind what was looked through: ask again with it")
    more: bool = Field(description="there is more to look through right away")


class ProblemOut(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: dict[str, str] | None = None

"""What is sent. Everything is text and optional here: what is missing or wrong is said by whoever
reads it, and an empty parameter is the same as none (GeoReport v2, “Optional Arguments”)."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, Field

FORMAT = "^(xml|json)$"


def _tidy(value: Any) -> Any:
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def said(description: str, example: str = "") -> Any:
    """A text parameter, '' when it was not sent."""
    return Field("", description=description, examples=[example] if example else None)


Text = Annotated[str, BeforeValidator(_tidy)]


class SentIn(Schema):
    """The form of POST requests. `attribute[CODE]` fields come beside it."""

    api_key: Text = said("the client's key; better in `Authorization: Bearer`")
    jurisdiction_id: Text = said("six-digit district code, of any year", "500103")
    service_code: Text = said("from services", "05")
    lat: Text = said("degrees north, WGS 84", "29.5647")
    long: Text = said("degrees east, WGS 84", "106.5507")
    address_string: Text = said("from the most specific to the most general", "人民村 12 号楼下")
    address_id: Text = said("twelve-digit code of a village or community", "500103011014")
    description: Text = said("at most 4000 signs", "路灯不亮。")
    email: Text = said("kept sealed")
    phone: Text = said("a mobile number, kept sealed; the receipt goes there", "19900000001")
    first_name: Text = said("kept sealed")
    last_name: Text = said("kept sealed")
    device_id: Text = said("not kept: it only tells a repeated report from a new one")
    account_id: Text = said("not kept: it comes back in the answer")
    media_url: Text = said("noted for the officer as text; the platform never opens it")


class RequestsIn(Schema):
    """The filters of GET requests."""

    api_key: Text = said("opens the fields that the client declared")
    jurisdiction_id: Text = said("six-digit district code, of any year")
    service_request_id: Text = said("comma delimited; overrides everything else")
    service_code: Text = said("comma delimited")
    start_date: Text = said("W3C date and time with zone", "2026-01-01T00:00:00+08:00")
    end_date: Text = said("at most 90 days after start_date")
    status: Text = said("open, closed, or both comma delimited")
    page: Text = said("from 1")
    page_size: Text = said("at most 1000")


class CatalogueIn(Schema):
    jurisdiction_id: Text = said("six-digit district code; the catalogue is the same everywhere")


class OneIn(CatalogueIn):
    api_key: Text = said("opens the fields that the client declared")


class ErrorOut(Schema):
    code: int
    description: str


class ServiceOut(Schema):
    service_code: str
    service_name: str
    description: str | None
    metadata: bool
    type: str
    keywords: str | None
    group: str | None


class ValueOut(Schema):
    key: str
    name: str


class AttributeOut(Schema):
    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str | None
    order: int
    description: str
    values: list[ValueOut] | None = None


class DefinitionOut(Schema):
    service_code: str
    attributes: list[AttributeOut]


class RequestOut(Schema):
    """Without a key: neither what was said nor where exactly."""

    service_request_id: str
    status: str
    status_notes: str | None
    service_name: str | None
    service_code: str | None
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: str
    updated_datetime: str
    expected_datetime: str | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class ReceivedOut(Schema):
    service_request_id: str | None = None
    token: str | None = None
    service_notice: str | None
    account_id: str | None


class TokenOut(Schema):
    service_request_id: str
    token: str


class EndpointOut(Schema):
    specification: str
    url: str
    changeset: str | None
    type: str
    formats: list[str]


class DiscoveryOut(Schema):
    changeset: str | None
    contact: str
    key_service: str
    endpoints: list[EndpointOut]

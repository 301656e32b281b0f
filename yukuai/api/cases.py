# mypy: disable-error-code="type-arg"
"""Matters: read within the client's place, hand in once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Header, Query, Router, Status

from yukuai.accounts.policy import Actor, Permission
from yukuai.api.schemas import CaseDetailOut, CaseIn, CaseOut, CasesOut, ProblemOut, ReceiptOut
from yukuai.api.security import reads, writes
from yukuai.audit.actions import record
from yukuai.cases.actions import register_case
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.public import DECLARABLE, find_receipt, was_received_as
from yukuai.cases.queries import get_case_by_number, list_changed_cases
from yukuai.kernel import clock
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.scope import scope

router = Router(tags=["诉求"])
PAGE = 100


@router.get("/cases", response={200: CasesOut, 422: ProblemOut}, summary="诉求列表（不含内容）")
@reads(Permission.API_READ)
def changed_cases(
    request: Any,
    updated_since: datetime | None = Query(None),
    cursor: str = "",
    limit: int = PAGE,
) -> Any:
    """Oldest change first, so that a client can follow along with the cursor."""
    size = max(1, min(limit, PAGE))
    after = _read_cursor(cursor)
    rows = list_changed_cases(request.actor, since=updated_since, after=after)[: size + 1]
    cases = list(rows)
    more = len(cases) > size
    last = cases[size - 1] if more else None
    return {
        "items": [_case(case) for case in cases[:size]],
        "next": f"{last.changed_at.isoformat()}~{last.pk}" if last else None,
    }


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    if not cursor:
        return None
    moment, _, pk = cursor.replace(" ", "+").partition("~")
    try:
        return datetime.fromisoformat(moment), int(pk)
    except ValueError:
        sentence = "cursor 不对。请原样用上一页的 next。"
        raise InvalidInput(sentence, fields={"cursor": sentence}) from None


@router.get("/cases/{number}", response={200: CaseDetailOut, 404: ProblemOut}, summary="一件诉求")
@reads(Permission.API_READ)
def one_case(request: Any, number: str) -> Any:
    """With the fields the client declared. The person concerned sees that it was read, and why."""
    actor = request.actor
    case = get_case_by_number(actor, number=number)
    fields = [name for name in DECLARABLE if name in actor.details["fields"]]
    record(
        actor,
        act="api.case.read",
        target=case.number,
        area=case.area,
        at=clock.now(),
        purpose=actor.details["purpose"],
        holders=case.holders,
        fields=fields,
    )
    return _case(case) | {name: getattr(case, name) for name in fields}


def _case(case: Any) -> dict[str, Any]:
    names = [name for name in CaseOut.model_fields if hasattr(case, name)]
    return {name: getattr(case, name) for name in names} | {
        "state_label": case.get_state_display(),
        "category_code": case.category.code if case.category else None,
        "division_code": case.division.code,
        "division_name": case.division.name,
        "unit": str(case.unit_department or case.unit) if case.unit else None,
    }


@router.post(
    "/cases",
    response={201: ReceiptOut, 200: ReceiptOut, 409: ProblemOut, 422: ProblemOut},
    summary="送来一件诉求",
)
@writes(Permission.API_WRITE)
def hand_in(
    request: Any,
    told: CaseIn,
    idempotency_key: str = Header(..., alias="Idempotency-Key", min_length=8, max_length=120),
) -> Any:
    """201 the first time, 200 with the same receipt for the same key and words."""
    actor: Actor = request.actor
    words = _told(told, _report_id(actor, idempotency_key))
    try:
        receipt = register_case(actor, told=words, source="api", at=clock.now())
    except AlreadyReceived:
        return Status(200, _again(actor, words))
    return Status(201, {"number": receipt.number, "code": receipt.code})


def _report_id(actor: Actor, key: str) -> UUID:
    """Keyed: whoever knows a report's id may ask for its receipt, so nobody else computes it."""
    client = actor.details["client_id"]
    return UUID(hex=keyed_hash(f"{client}:{key}", purpose="api.idempotency")[:32])


def _told(told: CaseIn, client_uuid: UUID) -> Told:
    return Told(
        client_uuid=client_uuid,
        division_code=told.division_code,
        body=told.body,
        place_text=told.place_text,
        wanted=told.wanted,
        category_code=told.category_code,
        anonymous=told.anonymous,
        name=told.name,
        phone=told.phone,
    )


def _again(actor: Actor, words: Told) -> dict[str, str]:
    with scope(actor.areas, actor.holders):
        receipt = find_receipt(actor, client_uuid=words.client_uuid)
        if receipt is None or not was_received_as(actor, told=words):
            raise Conflict("这个 Idempotency-Key 用过了，内容却不一样。换一个键再送。")
    return {"number": receipt.number, "code": receipt.code}

"""Steps that give a document its number and its paper, and take it back.

Numbers are gapless because the counter's row stays locked until the transaction ends: issue late
in an action, after everything that may still be refused.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.divisions.located import Reserved, belonging_to
from yukuai.divisions.rules import district_of
from yukuai.documents import files, paper, rules, typesetting
from yukuai.documents.kinds import KINDS, DocumentKind, DocumentType
from yukuai.documents.models import IssuedDocument
from yukuai.kernel import crypto
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.ids import new_code


class Matter(Protocol):
    """What a document is about: a row with a workflow, as in `workflow`."""

    pk: Any
    division: Any
    holders: Any

    @property
    def workflow(self) -> Any: ...


_NEXT = """
    INSERT INTO documents_numberseries AS series (division_id, area, body, kind, year, last)
    VALUES (%s, %s, %s, %s, %s, 1)
    ON CONFLICT (division_id, body, kind, year) DO UPDATE SET last = series.last + 1
    RETURNING id, last
"""


def issue_document(
    actor: Actor,
    *,
    place_of: Matter,
    kind: str,
    data: Mapping[str, str],
    at: datetime,
    unit: Any = None,
    issuer: str = "",
    series: int = 0,
    corrects: IssuedDocument | None = None,
) -> IssuedDocument:
    """Number, print, store and remember a document. `data`: the facts of `KINDS[kind].fields`.

    `unit` issues (the matter's division when not given), `issuer` is its printed name, `series`
    what a serial kind counts within; what `corrects` another has its number again. Raises
    InvalidInput field by field, Unavailable without fonts."""
    assert connection.in_atomic_block, "issue_document() is a step of an @action"
    rule = KINDS[DocumentType(kind)]
    facts = rules.check_facts(rule, data)
    unit = unit or place_of.division
    issuer = issuer or rules.issuing_body(unit.kind, unit.name)
    which = _numbered(rule, unit, issuer, kind, series, corrects, at)
    code = new_code(paper.CODE_LENGTH)
    printed = _frame(rule, issuer, which, code, at) | facts
    document = IssuedDocument.objects.create(
        kind=kind,
        number=printed["number"],
        title=printed["title"],
        printed=paper.as_json(printed),
        template=rule.template,
        code=code,
        issuer=issuer,
        issued_by=actor.label,
        issued_at=at,
        **which | _about(place_of, code) | _keep(rule, printed, at, place_of),
    )
    _remember(actor, document, "document.issue", _persons(document), at=at)
    return document


def _frame(
    rule: DocumentKind, issuer: str, which: Mapping[str, int], code: str, at: datetime
) -> dict[str, str]:
    """What every document says beside its facts: who, which, when, and how it is verified."""
    day, sequence = today(at), which["sequence"]
    return {
        "issuer": issuer,
        "number": rules.serial_number(
            body=issuer, sign=rule.sign, sequence=sequence, correction=which["correction"]
        )
        if rule.serial
        else rules.document_number(
            body=issuer, sign=rule.sign, year=day.year, sequence=sequence, line=rule.line
        ),
        "title": rule.name,
        "date": rules.chinese_date(day),
        "address": paper.verify_address(code),
        "code_words": paper.code_words(code),
    }


def _about(place_of: Matter, code: str) -> dict[str, Any]:
    whose = belonging_to(place_of)
    whose["holders"].append(paper.verify_key(code))
    return {**whose, "subject": place_of.workflow.name, "object_id": place_of.pk}


def _keep(
    rule: DocumentKind, printed: Mapping[str, str], at: datetime, place_of: Matter
) -> dict[str, Any]:
    sealed = isinstance(place_of, Reserved)
    pdf = typesetting.make_pdf(rule.template, paper.sheet(printed))
    name = files.new_name(files.DOCUMENTS, suffix=".pdf.sealed" if sealed else ".pdf", at=at)
    files.write(paper.seal_pdf(pdf) if sealed else pdf, name)
    return {"sm3": crypto.digest(pdf), "bytes": len(pdf), "storage_name": name}


def withdraw_document(
    actor: Actor, *, document_id: int, reason: str, at: datetime
) -> IssuedDocument:
    """From now on the verification page says 已撤回; the paper and its number stay on record."""
    assert connection.in_atomic_block, "withdraw_document() is a step of an @action"
    if not reason.strip():
        raise InvalidInput("写明为什么撤回，再撤。", fields={"reason": "写明为什么撤回。"})
    rows = IssuedDocument.objects.select_for_update(of=("self",))
    document = rows.filter(pk=document_id).first()
    if document is None:
        raise NotFound(paper.NOT_HERE)
    if document.withdrawn_at is not None:
        raise Conflict(f"{document.number}已经撤回过了，不用再撤。")
    document.withdrawn_at = at
    document.withdrawn_by = actor.label
    document.withdrawn_reason = reason.strip()
    document.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _remember(actor, document, "document.withdraw", _persons(document), at=at)
    return document


def _persons(document: IssuedDocument) -> list[str]:
    return [key for key in document.holders if not key.startswith("verify:")]


def _numbered(
    rule: DocumentKind,
    unit: Any,
    issuer: str,
    kind: str,
    series: int,
    corrects: IssuedDocument | None,
    at: datetime,
) -> dict[str, int]:
    """The series, the number in it, and how often that number was put right."""
    if rule.serial != bool(series):
        raise TypeError(f"{rule.name}: a serial kind, and no other, names its series")
    if corrects is None:
        series_id, sequence = _next(unit, issuer, kind, series or today(at).year)
        return {"series_id": series_id, "sequence": sequence, "correction": 0}
    IssuedDocument.objects.select_for_update(of=("self",)).get(pk=corrects.pk)
    again = {"series_id": corrects.series_id, "sequence": corrects.sequence}
    return again | {"correction": IssuedDocument.objects.filter(**again).count()}


def _next(unit: Any, body: str, kind: str, year: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [unit.pk, unit.path, body, kind, year])
        series_id, sequence = cursor.fetchone()
    return series_id, sequence


def _remember(
    actor: Actor, document: IssuedDocument, act: str, holders: list[str], *, at: datetime
) -> None:
    record(
        actor,
        act=act,
        target=f"document:{document.pk}",
        area=district_of(document.area) if document.confidential else document.area,
        at=at,
        purpose=document.number,
        holders=holders,
    )

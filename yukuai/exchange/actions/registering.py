"""Their matter becomes ours, once, with a note of where it came from. Steps, no actions."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yukuai.accounts.policy import Actor
from yukuai.accounts.rules import phone_problem, tidy_phone
from yukuai.cases import actions as cases
from yukuai.cases.actions.intake import Told
from yukuai.cases.public import find_receipt
from yukuai.cases.queries import get_case, list_cases, list_categories
from yukuai.divisions.queries import resolve_code
from yukuai.exchange.actions._steps import new_link
from yukuai.exchange.gateways.port import Said
from yukuai.exchange.models import ExternalCase, ExternalSystem
from yukuai.exchange.rules import ALIKE_DAYS, is_alike
from yukuai.exchange.states import Origin
from yukuai.kernel.actions import as_step
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from yukuai.cases.models import Case

ALIKE_MOST = 5


def register_matter(
    actor: Actor, *, system: ExternalSystem, said: Said, at: datetime
) -> ExternalCase:
    """A step. The id of the report comes from their id, so that twice is once, whatever happens.

    Raises NotFound or InvalidInput where it cannot be told what it is, or where.
    """
    if not said.body:
        raise NotFound(f"他们的 {said.external_id} 我们没有，他们也没有说是什么事。")
    report = UUID(hex=keyed_hash(f"{system.pk}:{said.external_id}", purpose="exchange.report")[:32])
    receipt = find_receipt(actor, client_uuid=report)
    if receipt is None:
        receipt = as_step(cases.register_case)(
            actor, told=_told(actor, said, report), source="api", at=at
        )
    case = get_case(actor, case_id=receipt.case_id)
    link = new_link(
        system,
        case,
        origin=Origin.THEIRS,
        mark=0,
        external_id=said.external_id,
        number=said.number,
        at=at,
    )
    link.alike = _alike(actor, case, at)
    link.save(update_fields=["alike"])
    origin = f"由{system.name}转来，对方编号 {said.number or said.external_id}。"
    as_step(cases.add_note)(actor, case_id=case.pk, words=origin, at=at)
    return link


def _told(actor: Actor, said: Said, report: UUID) -> Told:
    phone = tidy_phone(said.phone)
    name = said.name
    if said.phone and phone_problem(phone):  # a landline is for the eye, not for texts
        phone, name = "", f"{said.name}（电话 {said.phone}）"
    category = list_categories(actor).filter(code=said.category_code).first()
    return Told(
        client_uuid=report,
        division_id=_community(actor, said.division_code).pk,
        body=said.body[:2000],
        place_text=said.place_text,
        category_id=category.pk if category else None,
        anonymous=not (name or phone),
        name=name,
        phone=phone,
    )


def _community(actor: Actor, code: str) -> Any:
    if not code:
        raise InvalidInput("他们没有写区划代码，不知道该交给哪个社区。")
    try:
        resolved = resolve_code(actor, code=code)
    except NotFound:
        raise InvalidInput(f"他们写的区划代码 {code[:20]} 我们没有。") from None
    return next(iter(resolved.successors), resolved.division)


def _alike(actor: Actor, case: "Case", at: datetime) -> list[str]:
    """Same person, same place, like subject, within days: shown to a person, never merged."""
    if not case.phone_hash:
        return []
    rows = list_cases(actor).filter(
        phone_hash=case.phone_hash,
        division=case.division,
        received_at__gte=at - timedelta(days=ALIKE_DAYS),
    )
    others = rows.exclude(pk=case.pk)[:50]
    return [one.number for one in others if is_alike(one.title, case.title)][:ALIKE_MOST]

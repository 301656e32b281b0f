"""The register of people's mediators, and the code table of kinds."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import find_staff_for, list_names
from yukuai.audit.actions import record
from yukuai.disputes.models import DisputeKind, Mediator
from yukuai.disputes.queries import get_mediator
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput


@action
def register_mediator(
    actor: Actor, *, user_id: int, division_id: int, specialties: Iterable[str] = (), at: datetime
) -> Mediator:
    """Onto the register, or back onto it: somebody who holds the post of a mediator there."""
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.MEDIATOR_MANAGE, division)
    posted = find_staff_for(
        actor,
        division_id=division.pk,
        department_id=None,
        permission=Permission.DISPUTE_MEDIATE,
        at=at,
    )
    if user_id not in posted:
        sentence = "这个人在那里没有人民调解员的岗位。先请安全管理员任命，再列入名册。"
        raise InvalidInput(sentence, fields={"person": sentence})
    mediator, _new = Mediator.objects.update_or_create(
        user_id=user_id,
        division=division,
        defaults={
            "name": list_names(actor, user_ids=[user_id])[user_id],
            "specialties": _known(specialties),
            "active": True,
        },
        create_defaults={
            "name": list_names(actor, user_ids=[user_id])[user_id],
            "specialties": _known(specialties),
            "since": today(at),
        },
    )
    record(actor, act="mediator.register", target=mediator.name, area=division.path, at=at)
    return mediator


@action
def change_mediator(
    actor: Actor, *, mediator_id: int, specialties: Iterable[str], active: bool, at: datetime
) -> Mediator:
    """Off the register no new dispute comes; what he has he keeps until it is given to another."""
    mediator = get_mediator(actor, mediator_id=mediator_id, locked=True)
    policy.require(actor, Permission.MEDIATOR_MANAGE, mediator)
    mediator.specialties, mediator.active = _known(specialties), active
    mediator.save(update_fields=["specialties", "active"])
    record(actor, act="mediator.change", target=mediator.name, area=mediator.area, at=at)
    return mediator


def _known(codes: Iterable[str]) -> list[str]:
    known = DisputeKind.objects.filter(code__in=list(codes)).order_by("order", "code")
    return list(known.values_list("code", flat=True))


@action
def load_kinds(actor: Actor, *, rows: Iterable[Mapping[str, str]], at: datetime) -> int:
    """Add what is missing; what somebody has changed stays. Returns how many were new."""
    policy.require_anywhere(actor, Permission.CATEGORY_MANAGE)
    known = set(DisputeKind.objects.values_list("code", flat=True))
    new = [
        DisputeKind(
            code=row["code"], name=row["name"], source=row["source"], order=int(row["order"])
        )
        for row in rows
        if row["code"] not in known
    ]
    DisputeKind.objects.bulk_create(new)
    return len(new)

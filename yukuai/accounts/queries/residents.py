"""Residents, as far as row-level security shows them: to themselves and to the platform's jobs."""

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount

from yukuai.accounts.actors import phone_hash
from yukuai.accounts.models import RealNameLevel, Resident
from yukuai.accounts.policy import Actor
from yukuai.kernel.errors import NotFound

NO_RESIDENT = "没有这位居民。"


@dataclass(frozen=True)
class ResidentFacts:
    user_id: int
    phone: str
    name: str
    level: RealNameLevel
    level_source: str
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Me(ResidentFacts):
    """What the platform knows about the person who asks."""

    home_id: int | None
    home_name: str
    home_area: str


def get_me(actor: Actor) -> Me:
    resident = Resident.objects.select_related("home").filter(user=actor.user_id).first()
    if actor.kind != "resident" or resident is None:
        raise NotFound(NO_RESIDENT)
    facts = _facts(resident)
    return Me(
        **facts.__dict__,
        home_id=resident.home_id,
        home_name=resident.home.name if resident.home else "",
        home_area=resident.home.path if resident.home else "",
    )


def get_resident(actor: Actor, *, user_id: int) -> ResidentFacts:
    """For the worker, which acts everywhere: whom a message goes to."""
    resident = Resident.objects.filter(user=user_id).first()
    if resident is None:
        raise NotFound(NO_RESIDENT)
    return _facts(resident)


def find_resident_by_phone(actor: Actor, *, phone: str) -> ResidentFacts | None:
    """Visible to the worker, and to whoever holds this telephone."""
    resident = Resident.objects.filter(phone_hash=phone_hash(phone)).first()
    return _facts(resident) if resident else None


def get_resident_by_phone(actor: Actor, *, phone: str) -> ResidentFacts:
    found = find_resident_by_phone(actor, phone=phone)
    if found is None:
        raise NotFound(NO_RESIDENT)
    return found


def list_users_holding(actor: Actor, *, key: str) -> list[int]:
    """For the worker: who has taken this key."""
    rows = Resident.objects.filter(holders__contains=[key])
    return list(rows.order_by("user").values_list("user", flat=True))


def find_outside_account(actor: Actor) -> SocialAccount | None:
    """The account of an outside provider that opens the actor's own."""
    rows = SocialAccount.objects.filter(user_id=actor.user_id or 0)
    found: SocialAccount | None = rows.order_by("pk").first()
    return found


def _facts(resident: Resident) -> ResidentFacts:
    return ResidentFacts(
        user_id=resident.user_id,
        phone=resident.phone,
        name=resident.name,
        level=RealNameLevel(resident.level),
        level_source=resident.level_source,
        holders=tuple(resident.holders),
    )

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password

from yukuai.accounts.actions._steps import root_area
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.models import RealNameLevel, Resident, User
from yukuai.accounts.policy import Actor
from yukuai.accounts.rules import name_problem, phone_problem, tidy_name
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.locks import hold
from yukuai.kernel.scope import widened

HOME_KINDS = frozenset({"community", "group", "grid", "compound"})


@action
def sign_up(actor: Actor, *, phone: str, at: datetime) -> User:
    """The account of whoever has just proved to hold this telephone: made, or found again."""
    if problem := phone_problem(phone):
        raise InvalidInput(problem, fields={"phone": problem})
    hashed, key = phone_hash(phone), phone_key(phone)
    hold(key)  # two first sign-ins at once make one account
    with widened((), [key]):
        known = Resident.objects.filter(phone_hash=hashed).select_related("user").first()
        if known is not None:
            return known.user
        return make_resident(actor, phone=phone, at=at)


def make_resident(actor: Actor, *, phone: str, at: datetime) -> User:
    """A step: a new account. Without a telephone it holds what is done with it and nothing else."""
    user = User.objects.create(
        kind=User.Kind.RESIDENT,
        username=f"r-{secrets.token_hex(12)}",
        password=make_password(None),
        date_joined=at,
    )
    holders = [user_key(user.pk), *([phone_key(phone)] if phone else [])]
    with widened((), holders):
        Resident.objects.create(
            user=user,
            phone=phone,
            phone_hash=phone_hash(phone) if phone else None,
            level=RealNameLevel.PHONE if phone else RealNameLevel.UNPROVED,
            holders=holders,
        )
    record(
        actor,
        act="resident.sign-up",
        target=user_key(user.pk),
        area=root_area(),
        at=at,
        holders=holders,
    )
    return user


@action
def set_home(actor: Actor, *, division_id: int, at: datetime) -> Resident:
    """The village or community a resident calls his own: pages begin there."""
    resident = _own(actor)
    home = get_division(actor, division_id=division_id)
    if home.kind not in HOME_KINDS or home.valid_to is not None:
        sentence = "请选到村（社区）这一级。"
        raise InvalidInput(sentence, fields={"home": sentence})
    resident.home = home
    resident.save(update_fields=["home"])
    _remember(actor, resident, act="resident.set-home", at=at)
    return resident


@action
def set_name(actor: Actor, *, name: str, at: datetime) -> Resident:
    """What a resident says he is called; who has proved it cannot change it here."""
    resident = _own(actor)
    if resident.level == RealNameLevel.VERIFIED:
        raise Conflict("您已实名核验，姓名不能在这里改。改名请带证件到社区办。")
    tidy = tidy_name(name)
    if problem := name_problem(tidy):
        raise InvalidInput(problem, fields={"name": problem})
    resident.name, resident.level = tidy, RealNameLevel.NAMED
    resident.save(update_fields=["name", "level"])
    _remember(actor, resident, act="resident.set-name", at=at)
    return resident


def take_key(actor: Actor, *, key: str) -> None:
    """A step: from now on this resident holds the rows that carry the key. His session learns it
    when its keys are read again (`access.forget_keys`)."""
    resident = _own(actor)
    if key not in resident.holders:
        resident.holders = [*resident.holders, key]
        resident.save(update_fields=["holders"])


def _own(actor: Actor) -> Resident:
    rows = Resident.objects.select_for_update(of=("self",)).select_related("home")
    resident = rows.filter(user=actor.user_id).first()
    if actor.kind != "resident" or resident is None:
        raise NotFound("没有这位居民。请重新登录。")
    return resident


def _remember(actor: Actor, resident: Resident, *, act: str, at: datetime) -> None:
    record(
        actor,
        act=act,
        target=user_key(resident.user_id),
        area=resident.home.path if resident.home else root_area(),
        at=at,
        holders=resident.holders,
    )

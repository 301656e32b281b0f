"""Accounts of an outside provider (渝快办), and whose account here they open.

The provider says who somebody is by `subject`, kept as a keyed hash. A telephone connects only
when the provider says that it has verified it, and then to the resident who has this telephone. A
claim that is not verified is as good as none: it opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.socialaccount.models import SocialAccount

from yukuai.accounts.actions._steps import root_area
from yukuai.accounts.actions.residents import make_resident
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.models import RealNameLevel, Resident, User
from yukuai.accounts.policy import Actor
from yukuai.accounts.rules import name_problem, phone_problem, tidy_name, tidy_phone
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import Conflict, NotFound, NotPermitted
from yukuai.kernel.locks import hold
from yukuai.kernel.scope import widened


@dataclass(frozen=True)
class Identity:
    """What the provider vouches for. `phone`: only a verified one, else ''. `source`: its name."""

    provider: str
    subject: str
    phone: str
    name: str
    real_name: bool
    source: str

    @property
    def uid(self) -> str:
        return keyed_hash(f"{self.provider}:{self.subject}", purpose="outside.subject")


def identity_of(
    *, provider: str, source: str, subject: str, claims: dict[str, object], real_name_claim: str
) -> Identity:
    """Strictly: only `true` is true."""
    phone = ""
    if claims.get("phone_number_verified") is True:
        phone = tidy_phone(str(claims.get("phone_number") or ""))
    name = tidy_name(str(claims.get("name") or ""))[:40]
    return Identity(
        provider=provider,
        subject=subject,
        phone="" if phone_problem(phone) else phone,
        name="" if name_problem(name) else name,
        real_name=claims.get(real_name_claim) is True,
        source=source,
    )


@action
def enter_from_outside(actor: Actor, *, identity: Identity, at: datetime) -> User | None:
    """The account it opens: the one it opened before, the one of its telephone, or a new one.

    None: the telephone's account is opened by another identity, so the telephone itself has to be
    proved by a code.
    """
    _lock(identity)
    known = _find(identity)
    if known is not None:
        if known.user.kind != User.Kind.RESIDENT:
            raise NotPermitted("工作人员不能这样登录。请用工号登录工作台。")
        _learn(known.user, identity)
        return known.user  # type: ignore[no-any-return]
    owner = _owner(identity.phone)
    if owner is not None and SocialAccount.objects.filter(user=owner).exists():
        return None
    user = owner or make_resident(actor, phone=identity.phone, at=at)
    _link(actor, user, identity, at)
    return user


@action
def link_outside(actor: Actor, *, identity: Identity, at: datetime) -> None:
    """Whoever is signed in opens his account with it from now on, too."""
    user = _own(actor)
    _lock(identity)
    known = _find(identity)
    if known is not None and known.user_id != user.pk:
        raise Conflict(
            f"这个{identity.source}账号连着另一个账户。先退出，用{identity.source}登录，"
            "在那个账户的“我的”里断开，再回来连。"
        )
    if known is None and SocialAccount.objects.filter(user=user).exists():
        raise Conflict(f"您的账户已经连着一个{identity.source}账号。先断开那一个，再连这个。")
    if known is None:
        _link(actor, user, identity, at)


@action
def relink_outside(actor: Actor, *, user_id: int, identity: Identity, at: datetime) -> None:
    """The telephone was proved by a code: its account is opened by this identity from now on, and
    by the one before no more (numbers are given out again)."""
    user = User.objects.filter(pk=user_id, kind=User.Kind.RESIDENT).first()
    if user is None:
        raise NotFound("没有这位居民。请重新登录。")
    _lock(identity)
    known = _find(identity)
    if known is not None and known.user_id != user.pk:
        raise Conflict(f"这个{identity.source}账号刚刚连到了另一个账户。")
    SocialAccount.objects.filter(user=user).exclude(uid=identity.uid).delete()
    if known is None:
        _link(actor, user, identity, at)


@action
def unlink_outside(actor: Actor, *, at: datetime) -> bool:
    """It opens nothing any more. False when nothing was linked."""
    user = _own(actor)
    gone, _ = SocialAccount.objects.filter(user=user).delete()
    if gone:
        _remember(actor, user, act="resident.unlink-outside", at=at)
    return bool(gone)


def _own(actor: Actor) -> User:
    user = User.objects.select_for_update().filter(pk=actor.user_id or 0).first()
    if actor.kind != "resident" or user is None:
        raise NotFound("没有这位居民。请重新登录。")
    return user


def _lock(identity: Identity) -> None:
    """Two callbacks at once make one account, and so do a callback and `sign_up`."""
    phone = [phone_key(identity.phone)] if identity.phone else []
    hold(f"outside:{identity.uid}", *phone)


def _find(identity: Identity) -> SocialAccount | None:
    rows = SocialAccount.objects.select_related("user")
    found: SocialAccount | None = rows.filter(provider=identity.provider, uid=identity.uid).first()
    return found


def _owner(phone: str) -> User | None:
    if not phone:
        return None
    with widened((), [phone_key(phone)]):
        known = Resident.objects.filter(phone_hash=phone_hash(phone)).select_related("user").first()
    return known.user if known else None


def _link(actor: Actor, user: User, identity: Identity, at: datetime) -> None:
    """The claims themselves are not kept beside it: what we need of them lies sealed."""
    SocialAccount.objects.create(
        user=user, provider=identity.provider, uid=identity.uid, extra_data={}
    )
    _learn(user, identity)
    _remember(actor, user, act="resident.link-outside", at=at, source=identity.source)


def _learn(user: User, identity: Identity) -> None:
    """The name, the level with its source, and the telephone where there was none."""
    with widened((), [user_key(user.pk)]):
        resident = Resident.objects.select_for_update().get(user=user)
        if identity.name and (identity.real_name or not resident.name):
            resident.name = identity.name
            resident.level = max(resident.level, RealNameLevel.NAMED)
        if identity.real_name and identity.name:
            resident.level, resident.level_source = RealNameLevel.VERIFIED, identity.source
        if identity.phone and not resident.phone and _owner(identity.phone) is None:
            resident.phone, resident.phone_hash = identity.phone, phone_hash(identity.phone)
            resident.holders = [*resident.holders, phone_key(identity.phone)]
            resident.level = max(resident.level, RealNameLevel.PHONE)
        resident.save()


def _remember(actor: Actor, user: User, *, act: str, at: datetime, source: str = "") -> None:
    key = user_key(user.pk)
    details = {"source": source} if source else {}
    record(actor, act=act, target=key, area=root_area(), at=at, holders=[key], **details)

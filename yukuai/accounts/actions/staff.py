from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db.models import Q

from yukuai.accounts import policy
from yukuai.accounts.actions._steps import (
    area_of,
    checked_reason,
    checked_text,
    lock_staff,
    refuse_oneself,
)
from yukuai.accounts.actors import held_at
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.rules import username_problem
from yukuai.accounts.sessions import end_sessions
from yukuai.audit.actions import record
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.kernel.ids import new_code

INITIAL_PASSWORD_SIGNS = 12
TAKEN = "这个工号已经有人用了。请换一个。"


@action
def create_staff(
    actor: Actor, *, username: str, display_name: str, office_phone: str = "", at: datetime
) -> tuple[User, str]:
    """A new member of staff and the password for the first sign-in, which is shown only here."""
    policy.require_anywhere(actor, Permission.POST_MANAGE)
    name = username.strip().lower()
    problem = username_problem(name)
    if not problem and User.objects.filter(username=name).exists():
        problem = TAKEN
    if problem:
        raise InvalidInput(problem, fields={"username": problem})
    shown = checked_text(display_name, field="display_name", label="姓名", limit=40)
    phone = checked_text(
        office_phone, field="office_phone", label="办公电话", limit=30, required=False
    )
    password = initial_password()
    user = User(
        kind=User.Kind.STAFF,
        username=name,
        display_name=shown,
        office_phone=phone,
        date_joined=at,
        password=make_password(password),
        password_is_initial=True,
    )
    user.save()
    _remember(actor, user, act="staff.create", at=at)
    return user, password


@action
def reset_password(actor: Actor, *, user_id: int, reason: str, at: datetime) -> str:
    """For who has forgotten it: a new password for one sign-in; all sessions end."""
    user = _governed(actor, user_id=user_id, at=at)
    tidy = checked_reason(reason)
    password = initial_password()
    user.set_password(password)
    user.password_is_initial = True
    user.save(update_fields=["password", "password_is_initial"])
    end_sessions(user)
    _remember(actor, user, act="staff.reset-password", at=at, reason=tidy)
    return password


@action
def reset_second_factor(actor: Actor, *, user_id: int, reason: str, at: datetime) -> None:
    """For who has lost his telephone: at the next sign-in the second step is set up anew."""
    user = _governed(actor, user_id=user_id, at=at)
    tidy = checked_reason(reason)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    _remember(actor, user, act="staff.reset-second-factor", at=at, reason=tidy)


@action
def set_up_second_factor(actor: Actor, *, user_id: int, secret: str, at: datetime) -> None:
    """The person himself, while signing in: the password was right, and the first code."""
    user = lock_staff(user_id)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise NotPermitted("动态口令已经设好了。手机丢了，请安全管理员重置。")
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    _remember(actor, user, act="staff.set-up-second-factor", at=at)


@action
def choose_password(actor: Actor, *, user_id: int, password: str, at: datetime) -> User:
    """The person himself: the view has checked who it is and how strong the password is."""
    user = lock_staff(user_id)
    user.set_password(password)
    user.password_is_initial = False
    user.save(update_fields=["password", "password_is_initial"])
    _remember(actor, user, act="staff.choose-password", at=at)
    return user


def initial_password() -> str:
    """Twelve signs without look-alikes, in groups that can be read out: a letter, a digit in it."""
    while True:
        signs = new_code(INITIAL_PASSWORD_SIGNS)
        if any(s.isdigit() for s in signs) and any(s.isalpha() for s in signs):
            return "-".join(signs[i : i + 4] for i in range(0, INITIAL_PASSWORD_SIGNS, 4))


def _governed(actor: Actor, *, user_id: int, at: datetime) -> User:
    """Only whoever administers every post that the person holds now, or will hold."""
    policy.require_anywhere(actor, Permission.POST_MANAGE)
    user = lock_staff(user_id)
    refuse_oneself(actor, user, "不能重置自己的登录方式。请另一位安全管理员来办。")
    coming = Q(valid_from__gt=at)
    for post in Post.objects.filter(held_at(at) | coming, user=user).order_by("area"):
        policy.require(actor, Permission.POST_MANAGE, post)
    return user


def _remember(actor: Actor, user: User, *, act: str, at: datetime, reason: str = "") -> None:
    record(
        actor,
        act=act,
        target=f"user:{user.pk}",
        area=area_of(user, at),
        at=at,
        purpose=reason,
        person=user.username,
    )

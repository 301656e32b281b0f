"""The second step of staff: a TOTP code (RFC 6238) or one of ten recovery codes."""

import base64
import time
from datetime import datetime

import segno
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    validate_totp_code,
)
from django.core.cache import cache
from django.http import HttpRequest

from yukuai.accounts.actions import note_failed_sign_in
from yukuai.accounts.models import User
from yukuai.accounts.policy import ANYBODY
from yukuai.accounts.rules import tidy_digits
from yukuai.kernel.crypto import seal, unseal
from yukuai.kernel.errors import InvalidInput, TooMany

LOCKED = "错了 5 次，先锁 15 分钟。15 分钟后再登录；着急请找安全管理员。"
LOCKED_FOR = 15 * 60
SEAL = "signin.totp"
_TOTP, _RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


def check_second_factor(request: HttpRequest, user: User, *, typed: str, at: datetime) -> None:
    """Raises InvalidInput or TooMany; otherwise the code is used up."""
    code, key = tidy_digits(typed), f"second:{user.pk}"
    if problem := _shape_problem(code):
        raise InvalidInput(problem, fields={"code": problem})
    counted = ratelimit.consume(request, app="allauth.account", action="login_failed", key=key)
    if counted is None:
        raise TooMany(LOCKED, retry_after=LOCKED_FOR)
    used = _use(user, code)
    if used is None:
        _note_failure(request, user, at)
        sentence = "数字不对。动态口令 30 秒一换，请看最新的一组；用过的也不能再用。"
        raise InvalidInput(sentence, fields={"code": sentence})
    counted.rollback()  # only this one: earlier failures count on
    used.record_usage()
    record_authentication(request, user, method="mfa", id=used.pk, type=used.type)


def new_secret() -> str:
    """A secret for a new authenticator, sealed for the session."""
    return seal(generate_totp_secret(), purpose=SEAL)


def open_secret(sealed: str) -> str:
    return unseal(sealed, purpose=SEAL)


def check_first_code(secret: str, *, typed: str) -> None:
    code = tidy_digits(typed)
    problem = _shape_problem(code)
    if not problem and not validate_totp_code(secret, code):
        problem = "数字不对。请核对手机的时间是否准确，再输最新的一组。"
    if problem:
        raise InvalidInput(problem, fields={"code": problem})


def qr_code(user: User, secret: str) -> str:
    """The set-up address as a picture inside the page: `data:image/svg+xml…`."""
    address = get_mfa_adapter().build_totp_url(user, secret)
    picture: str = segno.make(address, error="m").svg_data_uri(scale=4, border=3, dark="#10201f")
    return picture


def current_code(secret: str, at: datetime) -> str:
    counter = int(at.timestamp()) // app_settings.TOTP_PERIOD
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def secret_from(seed: bytes) -> str:
    """Twenty bytes as authenticator apps want them."""
    return base64.b32encode(seed[:20]).decode()


def find_recovery_codes(user: User) -> list[str]:
    kept = Authenticator.objects.filter(user=user, type=_RECOVERY).first()
    return list(kept.wrap().get_unused_codes()) if kept else []


def _shape_problem(code: str) -> str:
    recovery = app_settings.RECOVERY_CODE_DIGITS
    if not code:
        return "请填手机上的 6 位数字。"
    if not (code.isascii() and code.isdigit()) or len(code) not in (6, recovery):
        return f"动态口令是 6 位数字；备用码是 {recovery} 位数字。"
    return ""


def _use(user: User, code: str) -> Authenticator | None:
    wanted = _TOTP if len(code) == 6 else _RECOVERY
    kept = Authenticator.objects.filter(user=user, type=wanted).first()
    if kept is None:
        return None
    if wanted == _RECOVERY:
        return kept if kept.wrap().validate_code(code) else None
    secret = get_mfa_adapter().decrypt(kept.data["secret"])
    return kept if validate_totp_code(secret, code) and _first_use(user, code) else None


def _first_use(user: User, code: str) -> bool:
    """Once only, for as long as the tolerance would let it pass again."""
    periods = 1 + 2 * app_settings.TOTP_TOLERANCE
    return cache.add(
        f"totp:{user.pk}:{code}", int(time.time()), timeout=periods * app_settings.TOTP_PERIOD
    )


def _note_failure(request: HttpRequest, user: User, at: datetime) -> None:
    ip = get_adapter().get_client_ip(request)
    note_failed_sign_in(ANYBODY, username=user.username, step="code", ip=ip, at=at)

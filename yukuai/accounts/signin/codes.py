"""A code on its way to a telephone, and back.

The session keeps the telephone sealed and the code hashed: whoever reads the table of sessions
signs in as nobody.
"""

import secrets
import time
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse

from yukuai.accounts import gateways
from yukuai.accounts.actions import sign_up
from yukuai.accounts.policy import ANYBODY
from yukuai.accounts.signin.outside import finish_pending
from yukuai.accounts.signin.stages import PhoneCodeStage, enter, start
from yukuai.kernel.crypto import keyed_hash, seal, unseal
from yukuai.kernel.errors import InvalidInput, TooMany

RESEND_AFTER = 60
SEAL = "signin.phone"


class PhoneCode(LoginCodeVerificationProcess):  # type: ignore[misc]
    """allauth's process, for a telephone that need not belong to an account yet: so nobody learns
    from it whether there is one."""

    @property
    def phone(self) -> str:
        return unseal(self.state["phone"], purpose=SEAL)

    @property
    def seconds_to_resend(self) -> int:
        return max(0, int(self.state["at"] + RESEND_AFTER - time.time() + 0.999))

    def matches(self, code: str) -> bool:
        return secrets.compare_digest(self.state["code"], _hashed(code, self.state["key"]))

    def finish_for(self, at: datetime, redirect_url: str) -> HttpResponse:
        """The telephone is proved: sign in, making the account if it is the first time."""
        user = sign_up(ANYBODY, phone=self.phone, at=at)
        finish_pending(self.request, user, phone=self.phone, at=at)
        record_authentication(self.request, user, method="code")
        login = Login(user=user, redirect_url=redirect_url)
        response: HttpResponse = perform_login(self.request, login)
        return response


def find_code(request: HttpRequest) -> PhoneCode | None:
    """The code this browser waits for, if it is not too old."""
    stage = enter(request, PhoneCodeStage)
    if stage is None or "code" not in stage.state:
        return None
    waiting: PhoneCode | None = PhoneCode(stage).abort_if_invalid()
    return waiting


def send_code(request: HttpRequest, *, phone: str, at: datetime) -> None:
    """Send a new code; the one before is void. Raises TooMany or Unavailable."""
    _count(request, phone)
    code = get_adapter().generate_phone_verification_code(user=None, phone=phone)
    gateways.send_code(phone=phone, code=code, at=at)
    stage, key = start(request, PhoneCodeStage), secrets.token_hex(16)
    stage.state.update(PhoneCode.initial_state(user=None))
    stage.state.update(phone=seal(phone, purpose=SEAL), code=_hashed(code, key), key=key)
    PhoneCode(stage).persist()


def check_code(request: HttpRequest, *, code: str) -> PhoneCode:
    """The waiting code, if this is it. Raises InvalidInput or TooMany."""
    waiting = find_code(request)
    if waiting is None:
        raise InvalidInput("这组数字过了 5 分钟，用不了了。请重发一条。")
    key = waiting.state["key"]
    if not ratelimit.consume(request, action="login_code_attempt", key=key):
        waiting.abort()
        raise TooMany("试了 5 次都不对，这组数字作废了。请重发一条。", retry_after=RESEND_AFTER)
    if waiting.matches(code):
        return waiting
    if not waiting.record_invalid_attempt():
        raise TooMany("试了 5 次都不对，这组数字作废了。请重发一条。", retry_after=RESEND_AFTER)
    left = waiting.max_attempts - waiting.state["failed_attempts"]
    sentence = f"数字不对。请对照最新的一条短信，还可以试 {left} 次。"
    raise InvalidInput(sentence, fields={"code": sentence})


def _count(request: HttpRequest, phone: str) -> None:
    key = keyed_hash(phone, purpose="signin.limit")
    if not ratelimit.consume(request, action="resend_login_code", key=key):
        raise TooMany(
            f"刚给这个号码发过一条。请等 {RESEND_AFTER} 秒再发。", retry_after=RESEND_AFTER
        )
    if not ratelimit.consume(request, action="request_login_code", key=key):
        raise TooMany(
            "这一个小时里发的短信太多了。请过一会儿再来；着急就打电话，或到社区窗口。",
            retry_after=3600,
        )


def _hashed(code: str, key: str) -> str:
    return keyed_hash(f"{key}:{code}", purpose="signin.code")

"""The steps of a sign-in, in order. allauth keeps an unfinished one in the session."""

from typing import Any

from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yukuai.accounts.actors import current_posts
from yukuai.accounts.models import User
from yukuai.kernel import clock

Step = tuple[HttpResponse | None, bool]


class PhoneCodeStage(LoginByCodeStage):  # type: ignore[misc]
    """The telephone is to be proved by a code (codes.py)."""

    urlname = "portal:signin"


class PostStage(LoginStage):  # type: ignore[misc]
    """Staff without a current post have nothing to do here."""

    key = "post"

    def handle(self) -> Step:
        user = self.login.user
        if user.kind == User.Kind.STAFF and not current_posts(user, clock.now()).exists():
            return _to("work:no-post"), False
        return None, True


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """TOTP, or a recovery code; whoever has none yet sets it up now."""

    urlname = "work:signin-code"

    def handle(self) -> Step:
        if self.login.user.kind != User.Kind.STAFF:
            return None, True
        ready = has_second_factor(self.login.user)
        return _to("work:signin-code" if ready else "work:signin-setup"), True


class OwnPasswordStage(LoginStage):  # type: ignore[misc]
    """A password that somebody else handed out opens nothing before it is changed."""

    key = "own_password"
    urlname = "work:signin-password"

    def handle(self) -> Step:
        if self.login.user.password_is_initial:
            return _to("work:signin-password"), True
        return None, True


STAGES = [
    f"{__name__}.{stage.__name__}"
    for stage in (PhoneCodeStage, PostStage, SecondFactorStage, OwnPasswordStage)
]


def has_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def enter(request: HttpRequest, stage: type[LoginStage]) -> Any | None:
    """The stage in which the unfinished sign-in of this browser stands, if it is this one."""
    return LoginStageController.enter(request, stage.key)


def start(request: HttpRequest, stage: type[LoginStage]) -> Any:
    """An unfinished sign-in of somebody not known yet, standing in this stage."""
    login = Login()
    controller = LoginStageController(request, login)
    controller.set_current(stage.key)
    return stage(controller, request, login)


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name))

"""What allauth asks us: who has which telephone, how a code goes out, where to go afterwards."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth import login as django_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yukuai.accounts import gateways, sessions
from yukuai.accounts.actions import note_failed_sign_in, note_sign_in
from yukuai.accounts.actors import current_posts, phone_key, user_key
from yukuai.accounts.models import Resident, User
from yukuai.accounts.policy import ANYBODY, Actor
from yukuai.accounts.queries import find_resident_by_phone
from yukuai.accounts.signin.stages import STAGES
from yukuai.kernel import clock
from yukuai.kernel.crypto import seal, unseal
from yukuai.kernel.scope import scope

TOTP_SEAL = "totp.secret"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Telephones lie in `Resident`, which only its holders see: each look opens a scope."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": "错了 5 次，先锁 15 分钟。15 分钟后再登录；着急请找安全管理员。",
        "username_password_mismatch": "工号或密码不对。请核对后再输。",
        "rate_limited": "试得太快了。请过几分钟再试。",
    }

    def get_login_stages(self) -> list[str]:
        return STAGES

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Our pages speak for themselves."""

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        with scope((), [user_key(user.pk)]):
            resident = Resident.objects.filter(user=user).first()
        return (resident.phone, True) if resident and resident.phone else None

    def get_user_by_phone(self, phone: str) -> User | None:
        with scope((), [phone_key(phone)]):
            found = find_resident_by_phone(ANYBODY, phone=phone)
        return User.objects.get(pk=found.user_id) if found else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        raise NotImplementedError("A telephone comes with the account: actions.sign_up.")

    def set_phone_verified(self, user: User, phone: str) -> None:
        """A telephone is kept only after it was verified."""

    def send_verification_code_sms(
        self, user: User | None, phone: str, code: str, **_kwargs: Any
    ) -> None:
        gateways.send_code(phone=phone, code=code, at=clock.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failed_sign_in(
            ANYBODY,
            username=str(credentials.get("username", "")),
            step="password",
            ip=self.get_client_ip(request),
            at=clock.now(),
        )

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        page = "work:signin" if user.kind == User.Kind.STAFF else "portal:signin"
        return HttpResponseRedirect(f"{reverse(page)}?closed=1")

    def login(self, request: HttpRequest, user: User) -> None:
        """Signed in: Django gives the session a new key, we say how long it lives."""
        at = clock.now()
        django_login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions.begin(request.session, kind=user.kind, at=at)
        if user.kind == User.Kind.STAFF:
            first = current_posts(user, at).first()
            request.session[sessions.POST_KEY] = first.pk if first else None
            ip = self.get_client_ip(request)
            note_sign_in(Actor(user.display_name, user_id=user.pk), user_id=user.pk, ip=ip, at=at)

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """Sessions of staff are listed, so that they can be ended; where residents sign in from
        is nobody's business."""
        if user.kind == User.Kind.STAFF:
            response: HttpResponse = super().post_login(
                request, user, redirect_url=redirect_url, **kwargs
            )
            return response
        return HttpResponseRedirect(redirect_url or self.get_login_redirect_url(request))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/work/" if request.user.kind == User.Kind.STAFF else "/"  # type: ignore[union-attr]


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets lie sealed."""

    def encrypt(self, text: str) -> str:
        return seal(text, purpose=TOTP_SEAL)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, purpose=TOTP_SEAL)

"""Signing in with an outside OpenID provider: there and back.

allauth knows the provider, the state and PKCE; what it trusts is not enough for us. The token's
signature is always checked, with RS256 and nothing else, and so are issuer, audience, time and the
nonce of this very sign-in (OpenID Connect Core 1.0 §3.1.3.7).
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import jwt
import requests
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from config.environment import origin
from yukuai.accounts.actions import relink_outside
from yukuai.accounts.actions.outside import Identity, identity_of
from yukuai.accounts.models import User
from yukuai.accounts.policy import ANYBODY
from yukuai.kernel.crypto import seal, unseal
from yukuai.kernel.errors import DomainError, Unavailable

PROVIDER = "outside"
ALGORITHM = "RS256"
CLOCKS_APART = 30
PENDING = "outside_pending"
PENDING_FOR = 15 * 60
SEAL = "signin.outside"
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]
LOGIN, CONNECT = "login", "connect"


class OutsideRefused(DomainError):
    """What came back from the provider cannot be believed, or is not for this browser."""

    status = 403
    code = "outside-refused"


class Cancelled(DomainError):
    """The person said no over there."""

    status = 200
    code = "outside-cancelled"


def provider_name() -> str:
    """As people call it; '' when none is set up."""
    return str(settings.OIDC["name"]) if settings.OIDC["server"] else ""


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Comes back to a page of ours, and leads nowhere but to where the settings say."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("portal:outside-return"))

    @property
    def openid_config(self) -> Mapping[str, Any]:
        config: Mapping[str, Any] = super().openid_config
        if str(config.get("issuer", "")).rstrip("/") != settings.OIDC["server"]:
            raise OAuth2Error("the issuer is another one")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            origin(config[name])
        return config


def begin(request: HttpRequest, *, process: str, next_url: str) -> str:
    """Where the browser goes now. Raises Unavailable."""
    adapter = _Adapter(request, PROVIDER)
    provider = adapter.get_provider()
    pkce, nonce = provider.get_pkce_params(), secrets.token_urlsafe(24)
    try:
        client, address = adapter.get_client(request, provider.app), adapter.authorize_url
    except (*_UNREACHABLE, *_UNBELIEVABLE) as error:
        raise _unavailable() from error
    state = {
        "process": process,
        "next": next_url,
        "nonce": nonce,
        "user_id": request.user.pk if request.user.is_authenticated else None,
        "pkce_code_verifier": pkce.pop("code_verifier"),
    }
    request.session.pop(PENDING, None)
    client.state = statekit.stash_state(request, provider_id=PROVIDER, state=state)
    url: str = client.get_redirect_url(address, provider.get_scope(), {**pkce, "nonce": nonce})
    return url


def finish(request: HttpRequest) -> tuple[dict[str, Any], Identity]:
    """Who came back, and what was begun with. Raises OutsideRefused, Cancelled or Unavailable."""
    name = provider_name()
    state_id = request.GET.get("state", "")
    state = statekit.unstash_state(request, provider_id=PROVIDER, state_id=state_id)
    if state is None:
        raise OutsideRefused(f"这次{name}登录过了时间，或者不是从这台设备开始的。请重新来一次。")
    if state["user_id"] != (request.user.pk if request.user.is_authenticated else None):
        raise OutsideRefused("登录的人中途换了。什么都没有改，请重新来一次。")
    if request.GET.get("error") == "access_denied":
        raise Cancelled(f"您在{name}没有同意，所以没有登录。")
    if "error" in request.GET or not request.GET.get("code"):
        raise OutsideRefused(f"{name}没有让您登录。请过一会儿再试。")
    try:
        return state, _identify(request, state)
    except _UNREACHABLE as error:
        raise _unavailable() from error
    except _UNBELIEVABLE as error:
        raise OutsideRefused(f"{name}送回来的登录凭证不对，没有登录。请重新来一次。") from error


def enter(request: HttpRequest, user: User, *, next_url: str) -> HttpResponse:
    """Signed in, under the rules that hold for a code."""
    record_authentication(request, user, method="socialaccount", provider=PROVIDER)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=next_url))
    return response


def keep_pending(request: HttpRequest, identity: Identity, *, at: datetime) -> None:
    """Until the telephone is proved by a code."""
    kept = json.dumps([asdict(identity), at.timestamp()])
    request.session[PENDING] = seal(kept, purpose=SEAL)


def finish_pending(request: HttpRequest, user: User, *, phone: str, at: datetime) -> None:
    """After a code was right: if it was this telephone that had to be proved, link."""
    kept = request.session.pop(PENDING, "")
    if not kept:
        return
    fields, since = json.loads(unseal(kept, purpose=SEAL))
    identity = Identity(**fields)
    if identity.phone == phone and at.timestamp() - since < PENDING_FOR:
        relink_outside(ANYBODY, user_id=user.pk, identity=identity, at=at)


def is_pending(request: HttpRequest) -> bool:
    return PENDING in request.session


def _identify(request: HttpRequest, state: Mapping[str, Any]) -> Identity:
    adapter = _Adapter(request, PROVIDER)
    app = adapter.get_provider().app
    client = adapter.get_client(request, app)
    answer = adapter.get_access_token_data(
        request, app, client, pkce_code_verifier=state["pkce_code_verifier"]
    )
    token = _checked_token(adapter, answer["id_token"], nonce=state["nonce"])
    told = _userinfo(adapter, answer["access_token"], subject=token["sub"])
    if not str(token["sub"]).strip() or len(str(token["sub"])) > 255:
        raise ValueError("no subject")
    return identity_of(
        provider=PROVIDER,
        source=provider_name(),
        subject=str(token["sub"]),
        claims={**told, **token},
        real_name_claim=settings.OIDC["real_name_claim"],
    )


def _checked_token(adapter: _Adapter, token: str, *, nonce: str) -> dict[str, Any]:
    config = adapter.openid_config
    if jwt.get_unverified_header(token).get("alg") != ALGORITHM:
        raise ValueError("another algorithm")
    _, key = jwtkit.fetch_key(token, config["jwks_uri"], jwtkit.lookup_kid_jwk)
    client_id = settings.OIDC["client_id"]
    data: dict[str, Any] = jwt.decode(
        token,
        key=key,
        algorithms=[ALGORITHM],
        issuer=config["issuer"],
        audience=client_id,
        leeway=CLOCKS_APART,
        options={"require": REQUIRED},
    )
    if not secrets.compare_digest(str(data.get("nonce", "")).encode(), nonce.encode()):
        raise ValueError("another nonce")
    if data.get("azp", client_id) != client_id:
        raise ValueError("meant for somebody else")
    return data


def _userinfo(adapter: _Adapter, access_token: str, *, subject: str) -> dict[str, Any]:
    """More claims, of the same subject (§5.3.2); none where the provider has no such address."""
    if "userinfo_endpoint" not in adapter.openid_config:
        return {}
    origin(adapter.profile_url)
    told: dict[str, Any] = adapter._fetch_user_info(access_token)
    if told["sub"] != subject:
        raise ValueError("claims of somebody else")
    return told


_UNREACHABLE = (requests.ConnectionError, requests.Timeout, requests.HTTPError)
_UNBELIEVABLE = (
    OAuth2Error,
    ImproperlyConfigured,
    jwt.PyJWTError,
    KeyError,
    TypeError,
    ValueError,
)


def _unavailable() -> Unavailable:
    return Unavailable(f"现在连不上{provider_name()}。没有登录，什么都没有改。")

"""Staff sign in step by step: number and password, second factor, own password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import stash_login
from allauth.account.models import Login
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import public
from yukuai.accounts.actions import choose_password, set_up_second_factor
from yukuai.accounts.policy import Actor
from yukuai.accounts.signin.second_factor import (
    check_first_code,
    check_second_factor,
    new_secret,
    open_secret,
    qr_code,
)
from yukuai.accounts.signin.stages import (
    OwnPasswordStage,
    SecondFactorStage,
    enter,
    has_second_factor,
)
from yukuai.accounts.signin.targets import wanted_page
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput, TooMany
from yukuai.workbench.signin.forms import NewPasswordForm, PasswordSignInForm, SecondFactorForm

HOME = "/work/"
SHOW_CODES = "show_recovery_codes"
NOTES = {
    "ended": "您在这个岗位的任期已结束，已为您退出。",
    "idle": "您超过 2 小时没有操作，已为您退出。请重新登录，没提交的内容要再填一次。",
    "age": "登录满 12 小时，已为您退出。请重新登录。",
    "closed": "这个账户停用了，不能登录。请找安全管理员。",
}
methods = require_http_methods(["GET", "HEAD", "POST"])


@public
@never_cache
@methods
@sensitive_post_parameters("password")
def signin(request: Any) -> HttpResponse:
    if request.method == "POST":
        return _check_password(request)
    if request.actor.kind == "staff":
        return HttpResponseRedirect(wanted_page(request, default=HOME))
    note = next((NOTES[name] for name in NOTES if name in request.GET), "")
    return _show(request, "staff", PasswordSignInForm(), note=note)


@public
@never_cache
@methods
def second_step(request: Any) -> HttpResponse:
    stage = enter(request, SecondFactorStage)
    if stage is None or not has_second_factor(stage.login.user):
        return _from_the_start()
    form = SecondFactorForm(_typed(request))
    if form.is_valid():
        try:
            check_second_factor(
                request, stage.login.user, typed=form.cleaned_data["code"], at=clock.now()
            )
        except DomainError as error:
            return _refused(request, "code", form, error)
        return _next_step(stage)
    return _show(request, "code", form)


@public
@never_cache
@methods
def setup(request: Any) -> HttpResponse:
    """The first sign-in: a secret for the telephone, proved by one code."""
    stage = enter(request, SecondFactorStage)
    if stage is None or has_second_factor(stage.login.user):
        return _from_the_start()
    user = stage.login.user
    secret = _secret_in(request, stage)
    form = SecondFactorForm(_typed(request))
    if form.is_valid():
        try:
            check_first_code(secret, typed=form.cleaned_data["code"])
        except DomainError as error:
            return _refused(request, "setup", form, error, **_setup(user, secret))
        actor = Actor(user.display_name, user_id=user.pk)
        set_up_second_factor(actor, user_id=user.pk, secret=secret, at=clock.now())
        request.session[SHOW_CODES] = True
        stage.login.redirect_url = reverse("work:recovery-codes")
        return _next_step(stage)
    return _show(request, "setup", form, **_setup(user, secret))


@public
@never_cache
@methods
@sensitive_post_parameters("new", "again")
def own_password(request: Any) -> HttpResponse:
    stage = enter(request, OwnPasswordStage)
    if stage is None:
        return _from_the_start()
    user = stage.login.user
    form = NewPasswordForm(_typed(request), user=user)
    if form.is_valid():
        actor = Actor(user.display_name, user_id=user.pk)
        stage.login.user = choose_password(
            actor, user_id=user.pk, password=form.cleaned_data["new"], at=clock.now()
        )
        return _next_step(stage)
    return _show(request, "own_password", form, name=user.username)


@public
@never_cache
@require_http_methods(["GET", "HEAD"])
def no_post(request: Any) -> HttpResponse:
    return TemplateResponse(request, "signin/no_post.html", {}, status=403)


def _check_password(request: Any) -> HttpResponse:
    form = PasswordSignInForm(request.POST)
    if not form.is_valid():
        return _show(request, "staff", form)
    credentials = {
        "username": form.cleaned_data["username"].strip().lower(),
        "password": form.cleaned_data["password"],
    }
    adapter = get_adapter()
    try:
        user = adapter.authenticate(request, **credentials)
    except ValidationError as error:  # allauth's way of saying: too many failures
        return _refused(request, "staff", form, TooMany(str(error.message), retry_after=900))
    if user is None:
        wrong = InvalidInput(str(adapter.error_messages["username_password_mismatch"]))
        return _refused(request, "staff", form, wrong)
    login = Login(user=user, redirect_url=wanted_page(request, default=HOME))
    response: HttpResponse = perform_password_login(request, credentials, login)
    return response


def _secret_in(request: Any, stage: Any) -> str:
    """Kept, sealed, in the unfinished sign-in: reloading the page shows the same picture."""
    if "secret" not in stage.state:
        stage.state["secret"] = new_secret()
        stash_login(request, stage.login)
    return open_secret(stage.state["secret"])


def _setup(user: Any, secret: str) -> dict[str, Any]:
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return {"picture": qr_code(user, secret), "secret": groups, "name": user.username}


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _next_step(stage: Any) -> HttpResponse:
    response: HttpResponse = stage.exit()
    return response


def _from_the_start() -> HttpResponse:
    return HttpResponseRedirect(reverse("work:signin"))


def _refused(
    request: Any, page: str, form: Form, error: DomainError, **context: Any
) -> HttpResponse:
    fields = error.params.get("fields")
    if isinstance(fields, dict) and fields:
        for name, sentence in fields.items():
            form.add_error(name, sentence)
    else:
        form.add_error(None, error.message)
    return _show(request, page, form, status=error.status, **context)


def _show(
    request: Any, page: str, form: Form, *, status: int | None = None, **context: Any
) -> HttpResponse:
    context |= {"form": form, "next": wanted_page(request, default="")}
    wrong = InvalidInput.status if form.errors else 200
    return TemplateResponse(request, f"signin/{page}.html", context, status=status or wrong)

"""What a signed-in member of staff does about his own sign-in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yukuai.accounts.access import public, staff
from yukuai.accounts.actions import choose_password, note_sign_out, switch_post
from yukuai.accounts.sessions import POST_KEY
from yukuai.accounts.signin.second_factor import find_recovery_codes
from yukuai.accounts.signin.targets import wanted_page
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, NotFound, TooMany
from yukuai.workbench.signin.forms import ChangePasswordForm
from yukuai.workbench.signin.views import HOME, SHOW_CODES

methods = require_http_methods(["GET", "HEAD", "POST"])


@public
@require_POST
def signout(request: Any) -> HttpResponse:
    if request.actor.kind == "staff":
        ip = get_adapter().get_client_ip(request)
        note_sign_out(request.actor, user_id=request.user.pk, ip=ip, at=clock.now())
        UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    return HttpResponseRedirect(reverse("work:signin"))


@staff()
@require_POST
def change_post(request: Any) -> HttpResponse:
    typed = request.POST.get("post", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise NotFound("没有这个岗位。请回到上一页重新选。")
    post = switch_post(request.actor, post_id=int(typed), at=clock.now())
    request.session[POST_KEY] = post.pk
    return HttpResponseRedirect(HOME)


@staff()
@never_cache
@methods
def recovery_codes(request: Any) -> HttpResponse:
    """Shown after the set-up, until the person says that they are kept; then never again."""
    if not request.session.get(SHOW_CODES):
        return HttpResponseRedirect(HOME)
    if request.method == "POST":
        del request.session[SHOW_CODES]
        return HttpResponseRedirect(HOME)
    codes = find_recovery_codes(request.user)
    return TemplateResponse(request, "signin/recovery_codes.html", {"codes": codes})


@staff()
@never_cache
@methods
@sensitive_post_parameters("current", "new", "again")
def password(request: Any) -> HttpResponse:
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method != "POST":
        return _page(request, form, 200)
    if not ratelimit.consume(request, action="change_password"):
        form = ChangePasswordForm({}, user=request.user)
        form.errors.clear()
        form.add_error(None, "试得太多了。请过 15 分钟再改。")
        return _page(request, form, TooMany.status)
    if not form.is_valid():
        return _page(request, form, InvalidInput.status)
    user = choose_password(
        request.actor,
        user_id=request.user.pk,
        password=form.cleaned_data["new"],
        at=clock.now(),
    )
    update_session_auth_hash(request, user)  # this session goes on, the others end
    UserSession.objects.create_from_request(request)
    messages.success(request, "密码改好了。别处的登录都已退出。")
    return HttpResponseRedirect(wanted_page(request, default=HOME))


def _page(request: Any, form: ChangePasswordForm, status: int) -> HttpResponse:
    context = {"form": form, "next": wanted_page(request, default="")}
    return TemplateResponse(request, "signin/change_password.html", context, status=status)

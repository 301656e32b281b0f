"""人员: one member of staff, his posts, and what is done when he cannot sign in."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.actions import create_staff, reset_password, reset_second_factor
from yukuai.accounts.policy import Permission
from yukuai.accounts.queries import get_staff, list_posts, list_staff
from yukuai.cases.queries import CAP, count_capped
from yukuai.kernel import clock
from yukuai.kernel.wording import capped
from yukuai.workbench.admin.asking import (
    AdminForm,
    Question,
    ReasonForm,
    ask_or_act,
    attempt,
    confirm,
    looking,
    show_once,
    typed,
)
from yukuai.workbench.admin.paging import ascending, tidy
from yukuai.workbench.admin.posts import CRUMB
from yukuai.workbench.fields import line

if TYPE_CHECKING:
    from yukuai.accounts.models import User

P = Permission
ONESELF = "不能重置自己的登录方式，请另一位安全管理员来办。"
ACTS = (
    ("appoint", "任命岗位", "plus", "", "不能给自己任命岗位，请另一位安全管理员来办。"),
    ("second-factor", "重置动态口令", "refresh", "手机丢了、换了，又没有备用码。", ONESELF),
    ("password", "重置密码", "key", "忘了密码。", ONESELF),
)
"""Name, label, icon, what it is for, and why nobody does it to himself."""
POSTS_SHOWN = 100


class StaffForm(AdminForm):
    username = line(
        "工号", "请填工号。", help="3 到 20 个小写字母和数字，以字母开头，例如 sq01。以后不能改。"
    )
    display_name = line("姓名", "请填姓名。", help="居民和同事看到的就是它。")
    office_phone = line("办公电话", required=False)


@staff(P.POST_MANAGE)
@require_safe
def people(request: Any) -> HttpResponse:
    text = tidy(request.GET.get("q", ""))
    rows = list_staff(request.actor, text=text, at=clock.now())
    context = {
        "q": text,
        "page": ascending(request, rows, ("username", "pk")),
        "total": capped(count_capped(rows), cap=CAP),
        "tab": "people",
        "crumbs": [{"label": "岗位"}],
    }
    return TemplateResponse(request, "work/admin/posts/people.html", context)


@staff(P.POST_MANAGE)
@require_safe
def member(request: Any, user_id: int) -> HttpResponse:
    at = clock.now()
    person = get_staff(request.actor, user_id=user_id, at=at)
    posts = list(list_posts(request.actor, user_id=user_id).order_by("-valid_from", "-pk"))
    shown = posts[:POSTS_SHOWN]
    mine = {post.pk for post in shown}
    context = {
        "member": person,
        "held": shown,
        "elsewhere": [post for post in person.current_posts if post.pk not in mine],  # type: ignore[attr-defined]
        "acts": _acts(person, is_self=person.pk == request.actor.user_id),
        "at": at,
        "crumbs": [CRUMB, {"label": str(person)}],
    }
    return TemplateResponse(request, "work/admin/posts/member.html", context)


@staff(P.POST_MANAGE)
@never_cache
@ask_or_act
def new(request: Any) -> HttpResponse:
    """The password for the first sign-in is in the answer to the form, and nowhere else."""
    form = StaffForm(typed(request))
    if request.method == "POST":
        made = attempt(
            form, lambda: create_staff(request.actor, **form.cleaned_data, at=clock.now())
        )
        if made is not None:
            person, password = made
            return _password(request, person, password, f"{person}的工号建好了")
    context = {
        "form": form,
        "title": "新建人员",
        "lead": "先有人，再任命岗位。没有岗位的人登录不了。",
        "button": "建工号，出初始密码",
        "no": "不建了",
        "back_url": reverse("work:staff-members"),
        "crumbs": [CRUMB, {"label": "新建人员"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.POST_MANAGE)
@ask_or_act
def second_factor(request: Any, user_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        person = get_staff(request.actor, user_id=user_id, at=at)
    question = Question(
        title=f"重置{person}的动态口令？",
        follows=(
            "他手机上现在的动态口令和备用码马上作废。",
            "他在各处的登录都会退出。",
            "下次登录时，输对密码后重新扫码绑定。",
            "请先当面或打电话确认是他本人：谁先登录，谁就能绑定。",
        ),
        yes="重置动态口令",
        no="不重置",
        back_url=reverse("work:staff-member", args=[user_id]),
        done=f"{person}的动态口令已重置。请他登录后重新绑定。",
        crumbs=_crumbs(person, "重置动态口令"),
    )
    return confirm(
        request,
        question,
        lambda reason: reset_second_factor(request.actor, user_id=user_id, reason=reason, at=at),
    )


@staff(P.POST_MANAGE)
@never_cache
@ask_or_act
def password(request: Any, user_id: int) -> HttpResponse:
    at = clock.now()
    with looking(request):
        person = get_staff(request.actor, user_id=user_id, at=at)
    question = Question(
        title=f"重置{person}的密码？",
        follows=(
            "他现在的密码马上作废，各处的登录都会退出。",
            "新的初始密码只显示一次，请当面或打电话告诉他。",
            "他第一次登录时要改成自己的密码。动态口令不变。",
        ),
        yes="重置密码",
        no="不重置",
        back_url=reverse("work:staff-member", args=[user_id]),
        done="",
        crumbs=_crumbs(person, "重置密码"),
    )
    form = ReasonForm(typed(request))
    if request.method == "POST":
        made = attempt(
            form,
            lambda: reset_password(
                request.actor, user_id=user_id, reason=form.cleaned_data["reason"], at=at
            ),
        )
        if made is not None:
            return _password(request, person, made, f"{person}的密码已重置")
    context = {"question": question, "form": form, "crumbs": question.crumbs}
    return TemplateResponse(request, "work/admin/confirm.html", context, status=form.status)


def _password(request: Any, person: "User", password: str, title: str) -> HttpResponse:
    context = {
        "title": title,
        "member": person,
        "password": password,
        "crumbs": _crumbs(person, "初始密码"),
    }
    return show_once(request, "work/admin/posts/password.html", context)


def _crumbs(person: "User", label: str) -> list[dict[str, Any]]:
    url = reverse("work:staff-member", args=[person.pk])
    return [CRUMB, {"label": str(person), "url": url}, {"label": label}]


def _acts(person: "User", *, is_self: bool) -> list[dict[str, Any]]:
    """A refused act keeps its place and says why."""
    urls = {
        "appoint": f"{reverse('work:post-new')}?user={person.pk}",
        "second-factor": reverse("work:staff-second-factor", args=[person.pk]),
        "password": reverse("work:staff-password", args=[person.pk]),
    }
    return [
        {
            "name": name,
            "label": label,
            "icon": icon,
            "url": urls[name],
            "allowed": not is_self,
            "why": f"不能：{refusal}" if is_self else why,
            "primary": name == "appoint",
        }
        for name, label, icon, why, refusal in ACTS
    ]

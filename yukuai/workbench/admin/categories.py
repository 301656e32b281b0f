"""事项类别: the dictionary that suggests where a matter belongs, and the urgent words."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.cases.actions import add_urgent_word, remove_urgent_word, save_category
from yukuai.cases.actions.catalogue import NUMBERS
from yukuai.cases.queries import get_category, list_urgent_words, list_whole_catalogue
from yukuai.cases.states import Triage
from yukuai.divisions.queries import get_division, list_children
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import (
    AdminForm,
    Question,
    ask_or_act,
    attempt,
    confirm,
    looking,
    typed,
)
from yukuai.workbench.fields import choice, line, select, words

if TYPE_CHECKING:
    from yukuai.cases.models import Category

P = Permission
CRUMB: dict[str, Any] = {"label": "事项类别", "url": reverse_lazy("work:categories")}
TRIAGES = [("", "不建议"), *Triage.choices]
SERVICES = {"110": "110 报警", "119": "119 火警", "120": "120 急救"}
WHY = "改一处，全市的建议都跟着变。"


class CategoryForm(AdminForm):
    code = line("代码", "请填代码，例如 0501。", help="以后不能改。最多 10 个字。")
    name = line("名称", "请填名称。", help="工作人员看到的，用规范说法，最多 30 个字。")
    plain_name = line("居民的说法", "请填居民的说法。", help="居民看到的，用大白话，最多 30 个字。")
    terms = words(
        "哪些词指向这一类",
        rows=3,
        required=False,
        help="用空格或换行隔开。居民的话里有这些词，系统就建议这一类；不替人决定。",
    )
    triage = select("建议大事、小事还是私事", TRIAGES, required=False)
    why = line("为什么这样建议", required=False, help="和建议一起显示，最多 200 个字。")
    department_kind = line(
        "归哪类部门", required=False, help="和部门的“类别”同一个词，例如：城市管理。"
    )
    consultation = forms.BooleanField(label="是咨询类，按咨询的时限答复", required=False)
    shareable = forms.BooleanField(
        label="可以告诉邻居“附近有人反映过”",
        required=False,
        help_text="只告诉哪一类、哪个社区、办到哪一步，不告诉原话和谁说的。只给公共设施这类事勾。",
    )
    order = forms.IntegerField(
        label="排在第几",
        min_value=0,
        max_value=9999,
        initial=500,
        error_messages={
            "required": "请填 0 到 9999 的数字，小的在前。",
            "invalid": "请填 0 到 9999 的数字，小的在前。",
            "min_value": "请填 0 到 9999 的数字。",
            "max_value": "请填 0 到 9999 的数字。",
        },
    )
    active = forms.BooleanField(label="在用", required=False, initial=True)
    reason = words("为什么改", "写明为什么改，以后查得到。", rows=2)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]

    def clean_terms(self) -> list[str]:
        return list(dict.fromkeys(str(self.cleaned_data["terms"]).replace("、", " ").split()))


class WordForm(AdminForm):
    word = line("紧急词", "请填一个词。", help="2 到 20 个字。写危险本身，例如：煤气泄漏。")
    number = choice("出现时显示哪个电话", [(n, SERVICES[n]) for n in NUMBERS], "请选一个电话。")
    reason = words("为什么加", "写明为什么加，以后查得到。", rows=2)


@staff(P.CATEGORY_MANAGE)
@require_safe
def categories(request: Any) -> HttpResponse:
    context = {
        "rows": list(list_whole_catalogue(request.actor)),
        "urgent": list_urgent_words(request.actor).items(),
        "may": may_edit(request.actor),
        "crumbs": [{"label": "事项类别"}],
    }
    return TemplateResponse(request, "work/admin/categories/list.html", context)


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def new(request: Any) -> HttpResponse:
    form = CategoryForm(typed(request), is_new=True)
    if request.method == "POST":
        attempt(form, lambda: _save(request.actor, form, None))
        if not form.errors:
            messages.success(request, f"加好了：{form.cleaned_data['name']}。")
            return HttpResponseRedirect(reverse("work:categories"))
    return _form_page(request, form, "新建类别", "建类别")


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def edit(request: Any, category_id: int) -> HttpResponse:
    with looking(request):
        category = get_category(request.actor, category_id=category_id)
    form = CategoryForm(typed(request), is_new=False, initial=_now(category))
    if request.method == "POST":
        attempt(form, lambda: _save(request.actor, form, category))
        if not form.errors:
            messages.success(request, f"改好了：{form.cleaned_data['name']}。")
            return HttpResponseRedirect(reverse("work:categories"))
    return _form_page(request, form, f"改“{category}”", "保存")


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def add_word(request: Any) -> HttpResponse:
    form = WordForm(typed(request))
    if request.method == "POST":
        attempt(form, lambda: add_urgent_word(request.actor, **form.cleaned_data, at=clock.now()))
        if not form.errors:
            messages.success(request, f"加好了：{form.cleaned_data['word']}。")
            return HttpResponseRedirect(f"{reverse('work:categories')}#urgent")
    context = {
        "form": form,
        "title": "加一个紧急词",
        "lead": "居民打字时出现这个词，马上显示急救电话；交上来的事标成紧急，2 小时内要响应。",
        "button": "加紧急词",
        "no": "不加了",
        "back_url": reverse("work:categories"),
        "crumbs": [CRUMB, {"label": "加紧急词"}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def remove_word(request: Any, word: str) -> HttpResponse:
    with looking(request):
        known = list_urgent_words(request.actor)
    if word not in known:
        raise NotFound(f"紧急词里没有“{word}”，可能别人刚删过。")
    question = Question(
        title=f"删掉紧急词“{word}”？",
        follows=(
            f"以后话里有“{word}”，不再显示 {SERVICES.get(known[word], known[word])}，也不标紧急。",
            "已经标成紧急的事不变。",
        ),
        yes="删掉",
        no="不删",
        back_url=f"{reverse('work:categories')}#urgent",
        done=f"紧急词“{word}”删掉了。",
        crumbs=[CRUMB, {"label": "删紧急词"}],
    )
    return confirm(
        request,
        question,
        lambda reason: remove_urgent_word(request.actor, word=word, reason=reason, at=clock.now()),
    )


def _save(actor: Actor, form: CategoryForm, category: "Category | None") -> "Category":
    said = {"code": category.code if category else "", **form.cleaned_data}
    return save_category(
        actor,
        category_id=category.pk if category else None,
        words=said.pop("terms"),
        **said,
        at=clock.now(),
    )


def _now(category: "Category") -> dict[str, Any]:
    kept = (
        "name",
        "plain_name",
        "triage",
        "why",
        "department_kind",
        "consultation",
        "shareable",
        "order",
        "active",
    )
    return {name: getattr(category, name) for name in kept} | {"terms": " ".join(category.words)}


def _form_page(request: Any, form: CategoryForm, title: str, button: str) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": WHY,
        "button": button,
        "back_url": reverse("work:categories"),
        "crumbs": [CRUMB, {"label": title}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)


def may_edit(actor: Actor) -> bool:
    """One dictionary for the whole city: the others read it."""
    roots = [get_division(actor, division_id=root.id) for root in list_children(actor)]
    return all(check(actor, P.CATEGORY_MANAGE, city) for city in roots)

"""Founding, renaming, moving and merging: what follows is said before, in numbers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import CAP
from yukuai.divisions.actions import (
    found_division,
    merge_divisions,
    move_division,
    rename_division,
)
from yukuai.divisions.queries import FOLLOWING_CAP, count_following, get_division
from yukuai.divisions.rules import PARENTS
from yukuai.divisions.states import DivisionKind
from yukuai.kernel import clock
from yukuai.kernel.wording import capped
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    ask_or_act,
    attempt,
    looking,
    typed,
)
from yukuai.workbench.admin.divisions import crumbs_of, division_url
from yukuai.workbench.admin.places import area_of, search_place
from yukuai.workbench.fields import line, select, words

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

P = Permission
FORM = "work/admin/divisions/change.html"


class GroundsForm(AdminForm):
    """Every change of the tree says since when, why, and on which document it rests."""

    effective = DayField("从哪天起生效", help_text="不晚于今天；批文上写的那一天。")
    reason = words("理由", "请写明理由，以后查得到。", rows=3)
    basis = line("依据", required=False, help="批文的文号和名称，最多 200 个字。")
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective"].initial = clock.today(clock.now())
        self.fields["key"].initial = uuid4()

    def clean_basis(self) -> str:
        basis = str(self.cleaned_data["basis"]).strip()
        if len(basis) > 200:
            raise forms.ValidationError(f"依据最多 200 个字，现在有 {len(basis)} 个。")
        return basis

    def grounds(self) -> dict[str, Any]:
        """The words that all four actions share; sent twice, it happens once."""
        said = self.cleaned_data
        return {
            "reason": said["reason"],
            "basis": said["basis"],
            "effective": said["effective"],
            "key": f"form:{said['key']}",
            "at": clock.now(),
        }


class FoundForm(GroundsForm):
    kind = select("类别", [], "请选类别。")
    name = line("名称", "请填名称。", help="例如：人民村社区。")
    code = line(
        "编码", required=False, help="区县、街道、社区填官方编码；网格、小组、小区不填，自动编。"
    )
    field_order = ("kind", "name", "code", "effective", "reason", "basis", "key")

    def __init__(self, *args: Any, parent: "Division", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(k.value, k.label) for k, above in PARENTS.items() if parent.kind in above]


class RenameForm(GroundsForm):
    name = line("新名称", "请填新名称。")
    field_order = ("name", "effective", "reason", "basis", "key")


@staff(P.DIVISION_MANAGE)
@ask_or_act
def found(request: Any, division_id: int) -> HttpResponse:
    with looking(request):
        parent = get_division(request.actor, division_id=division_id)
        page = _page(request.actor, parent, "设立下级")
    form = FoundForm(typed(request), parent=parent)
    follows = ["从生效那天起，居民和工作人员都选得到它。", "它下面还没有岗位，要请安全管理员任命。"]
    page |= {"title": f"在{parent}下面设立", "button": "设立", "follows": follows}
    return _change(
        request,
        form,
        page,
        lambda: found_division(
            request.actor,
            parent_id=division_id,
            kind=form.cleaned_data["kind"],
            name=form.cleaned_data["name"],
            code=form.cleaned_data["code"],
            **form.grounds(),
        ),
    )


@staff(P.DIVISION_MANAGE)
@ask_or_act
def rename(request: Any, division_id: int) -> HttpResponse:
    with looking(request):
        division = get_division(request.actor, division_id=division_id)
        page = _page(request.actor, division, "更名")
    form = RenameForm(typed(request), initial={"name": division.name})
    follows = [
        "从生效那天起，各处都显示新名称；那天以前的仍叫旧名称。",
        "编码不变；按旧名称写的文书不改。",
    ]
    page |= {"title": f"给{division}更名", "button": "更名", "follows": follows}
    return _change(
        request,
        form,
        page,
        lambda: rename_division(
            request.actor,
            division_id=division_id,
            name=form.cleaned_data["name"],
            **form.grounds(),
        ),
    )


@staff(P.DIVISION_MANAGE)
@ask_or_act
def move(request: Any, division_id: int) -> HttpResponse:
    with looking(request):
        division = get_division(request.actor, division_id=division_id)
        above = PARENTS[DivisionKind(division.kind)]
        page = _page(request.actor, division, "划转") | _target(request, [k.value for k in above])
        page["follows"] = [
            *_numbers(request.actor, division, "跟着划过去"),
            "编码先不变，新编码批下来再换。",
            "管原来上级的人从此看不到它，管新上级的人看得到。",
        ]
    target, form = page["search"].chosen, GroundsForm(typed(request))
    page |= {"title": f"划转{division}", "button": f"划入{target}", "label": "划到哪个上级下面"}
    return _change(
        request,
        form,
        page,
        lambda: move_division(
            request.actor, division_ids=[division_id], parent_id=target.pk, **form.grounds()
        ),
    )


@staff(P.DIVISION_MANAGE)
@ask_or_act
def merge(request: Any, division_id: int) -> HttpResponse:
    with looking(request):
        division = get_division(request.actor, division_id=division_id)
        page = _page(request.actor, division, "撤并") | _target(request, [division.kind])
        page["follows"] = [
            f"{division}从生效那天起撤销，不能恢复；旧名称、旧编码一直查得到。",
            *_numbers(request.actor, division, "转过去"),
            "它名下的岗位和部门也转过去，请事后逐个核对。",
        ]
    target, form = page["search"].chosen, GroundsForm(typed(request))
    page |= {"title": f"撤并{division}", "button": f"并入{target}，撤销{division}"}
    page |= {"label": "并入哪一个", "danger": True}
    return _change(
        request,
        form,
        page,
        lambda: merge_divisions(
            request.actor, source_ids=[division_id], into_id=target.pk, **form.grounds()
        ),
    )


def _page(actor: Actor, division: "Division", label: str) -> dict[str, Any]:
    return {
        "division": division,
        "crumbs": crumbs_of(actor, division, label),
        "back_url": division_url(division),
        "back_to": division,
    }


def _target(request: Any, kinds: list[str]) -> dict[str, Any]:
    """Where to: chosen in the address, before the form about it is shown."""
    mine = area_of(request.actor, P.DIVISION_MANAGE)
    search = search_place(
        request.actor, request.GET, within=mine, kinds=kinds, names=("place", "division")
    )
    return {"search": search, "wants_target": True}


def _numbers(actor: Actor, division: "Division", word: str) -> list[str]:
    following = count_following(actor, division=division)
    rows = capped(following.rows, cap=FOLLOWING_CAP)
    below = (
        f"它下面的 {capped(following.divisions, cap=CAP)} 个区划一起{word}。"
        if following.divisions
        else "它下面没有别的区划。"
    )
    return [below, f"约 {rows} 条业务记录一起{word}，一条都不会丢。"]


def _change(
    request: Any, form: GroundsForm, page: dict[str, Any], act: Callable[[], object]
) -> HttpResponse:
    chosen = not page.get("wants_target") or page["search"].chosen is not None
    if request.method == "POST" and chosen:
        attempt(form, act)
        if not form.errors:
            messages.success(request, f"登记好了：{page['title']}。")
            return HttpResponseRedirect(page["back_url"])
    return TemplateResponse(
        request, FORM, {**page, "form": form, "chosen": chosen}, status=form.status
    )

"""登记纠纷: two sides, what it is about, where. One page."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.queries import list_urgent_words
from yukuai.disputes import actions
from yukuai.disputes.actions.registering import AlreadyRegistered, Person, Quarrel
from yukuai.disputes.queries import find_by_uuid, list_kinds
from yukuai.disputes.rules import fen_of
from yukuai.disputes.states import Origin, Side
from yukuai.divisions.queries import find_divisions, get_division, list_children
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.workbench.fields import choice, line, select, tell, tidy, words

SHOWN = 12
ORIGINS = [
    (Origin.COUNTER.value, "当事人来登记"),
    (Origin.COURT.value, "法院委派"),
    (Origin.POLICE.value, "公安委派"),
]
AMOUNT = "金额写元，例如 1200 或 1200.50；不涉及钱就不写。"


class RegisterForm(forms.Form):
    use_required_attribute = False
    origin = choice("怎么来的", ORIGINS, "选怎么来的。")
    kind = select("纠纷类型", [], "选一个纠纷类型。")
    about = words("双方争的是什么", "写明双方争的是什么。", rows=6)
    wanted = line("申请人想要的结果", required=False)
    amount = line("涉及多少钱（元）", required=False)
    division = select("在哪个社区", [], "请选一个村或社区。")
    applicant_name = line("申请人姓名", "写上申请人的姓名。")
    applicant_phone = line("申请人手机号", required=False)
    respondent_name = line("对方当事人姓名", "写上对方当事人的姓名。")
    respondent_phone = line("对方当事人手机号", required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, q: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.q, self.needs_search = actor, q, False
        places = self._places()
        self._choose("division", places if len(places) == 1 else [("", "选一个社区"), *places])
        kinds = [(kind.code, kind.name) for kind in list_kinds(actor)]
        self._choose("kind", [("", "选一个类型"), *kinds])
        self.fields["origin"].initial = Origin.COUNTER.value
        self.fields["client_uuid"].initial = uuid4()

    def _choose(self, name: str, options: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options

    def _places(self) -> list[tuple[str, str]]:
        """The own community, those of the own township, or what a search found."""
        area = next(iter(self.actor.paths_for(Permission.DISPUTE_REGISTER)), "")
        own = area.rstrip(".").rpartition(".")[2]
        if own and not self.q:
            division = get_division(self.actor, division_id=int(own))
            if division.kind == "community":
                return [(own, division.name)]
            if division.kind == "township":
                below = list_children(self.actor, parent_id=division.pk)
                return [(str(one.id), one.name) for one in below if one.kind == "community"]
        self.needs_search = True
        found = find_divisions(
            self.actor, text=self.q, kinds=["community"], within=area or None, limit=SHOWN
        )
        return [(str(hit.id), hit.place) for hit in found]

    def clean_amount(self) -> int | None:
        try:
            return fen_of(self.cleaned_data["amount"])
        except ValueError:
            raise forms.ValidationError(AMOUNT) from None

    def quarrel(self) -> Quarrel:
        said = self.cleaned_data
        return Quarrel(
            client_uuid=said["client_uuid"],
            division_id=int(said["division"]),
            kind=said["kind"],
            about=said["about"],
            wanted=said["wanted"],
            amount_fen=said["amount"],
            origin=said["origin"],
            parties=[
                Person(side.value, said[f"{side.value}_name"], said[f"{side.value}_phone"])
                for side in Side
            ],
        )


@staff(Permission.DISPUTE_REGISTER)
@require_http_methods(["GET", "POST"])
def register(request: Any) -> HttpResponse:
    if request.method == "POST":
        return _save(request)
    form = RegisterForm(actor=request.actor, q=tidy(request.GET.get("q")))
    if request.headers.get("HX-Target") == "places":
        return TemplateResponse(request, "work/registering/places.html", {"form": form})
    return _page(request, form, 200)


def _save(request: Any) -> HttpResponse:
    with reading(request):
        form = RegisterForm(request.POST, actor=request.actor, q=tidy(request.POST.get("q")))
        if not form.is_valid():
            return _page(request, form, InvalidInput.status).render()
    quarrel = form.quarrel()
    try:
        number = actions.register_dispute(request.actor, quarrel=quarrel, at=clock.now()).number
    except AlreadyRegistered:  # sent twice: the same number
        with reading(request):
            number = find_by_uuid(request.actor, client_uuid=quarrel.client_uuid)
    except InvalidInput as error:
        tell(form, error)
        with reading(request):
            return _page(request, form, InvalidInput.status).render()
    messages.success(request, f"登记好了，单号 {number}。由司法所指派调解员。")
    return HttpResponseRedirect(reverse("work:dispute", args=[number]))


def _page(request: Any, form: RegisterForm, status: int) -> TemplateResponse:
    context = {"form": form, "words": list_urgent_words(request.actor)}
    return TemplateResponse(request, "work/mediation/register.html", context, status=status)

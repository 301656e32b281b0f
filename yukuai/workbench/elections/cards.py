"""选民证: made, handed out against a signature, replaced, checked when somebody shows one."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.elections import actions
from yukuai.elections.actions.cards import refusal
from yukuai.elections.cards import house_of, is_typed
from yukuai.elections.queries import (
    card_numbers,
    find_card,
    get_card,
    get_carded,
    list_card_groups,
    list_cards,
    read_card,
)
from yukuai.elections.states import CardAnswer, CardState, Taker
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.crypto import public_key
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.limits import hit
from yukuai.workbench.admin.asking import (
    AdminForm,
    DayField,
    Question,
    ask_or_act,
    attempt,
    looking,
    typed,
)
from yukuai.workbench.admin.asking import confirm as ask_first
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import StepForm
from yukuai.workbench.fields import choice, line, tidy
from yukuai.workbench.fields import number as whole_number

P = Permission
PAGE = 200
HOUR, TYPED_AN_HOUR = 3600, 120
"""An id that is typed has no signature: nobody finds one by trying."""
TONES = {CardState.MADE: "wait", CardState.ISSUED: "done", CardState.VOID: "off"}
ANSWERS = {
    CardAnswer.VALID: "done",
    CardAnswer.UNISSUED: "soon",
    CardAnswer.USED: "late",
    CardAnswer.VOID: "late",
    CardAnswer.FOREIGN: "late",
    CardAnswer.FORGED: "late",
}
NOT_FOUND = "没有找到这张证。填证上的编号，或者扫描二维码。"


class IssueForm(StepForm):
    taker = choice("谁来领的", Taker.choices, "选本人领还是家人代领。")
    taker_name = line("代领人姓名", required=False, help="家人代领的才填，和登记表上的签名一致。")
    issued_on = DayField("哪天发的")


class CheckForm(AdminForm):
    code = line("证上的二维码，或者二维码下面的 12 位", "扫描二维码，或者输入二维码下面的 12 位。")
    code.widget.attrs |= {"autocomplete": "off", "autofocus": True}


@staff(P.ELECTION_RUN)
@require_GET
@never_cache
def cards(request: Any, number: str) -> HttpResponse:
    """All of them by group; of one group, card by card."""
    actor, at = request.actor, clock.now()
    election = get_carded(actor, number=number)
    context = {
        "election": election,
        "numbers": card_numbers(actor, election=election),
        "groups": list_card_groups(actor, election=election),
        "public_key": public_key().hex(),
        "now": at,
        "crumbs": crumbs_of(election, "选民证"),
    }
    if "group" in request.GET:
        context |= _group(request, election, at)
    return TemplateResponse(request, "work/elections/cards.html", context)


def _group(request: Any, election: Any, at: Any) -> dict[str, Any]:
    """The cards of one group, or of one house of it: then whoever opens is ticked already."""
    group, house = tidy(request.GET["group"]), tidy(request.GET.get("house"), most=120)
    everybody = list_cards(request.actor, election=election, group=group)
    rows = [one for one in everybody if not house or house_of(one.voter.home) == house]
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {
        "group": group,
        "house": house,
        "houses": Counter(filter(None, (house_of(one.voter.home) for one in everybody))).items(),
        "page": page,
        "query": urlencode({"group": group, "house": house}),
        "rows": [(one, TONES[CardState(one.state)]) for one in page],
        "waiting": any(one.state == CardState.MADE for one in page),
        "form": IssueForm(initial={"issued_on": today(at), "taker": Taker.SELF}),
    }


def _back(number: str, **query: str) -> HttpResponse:
    address = reverse("work:election-cards", args=[number])
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


@staff(P.ELECTION_RUN)
@require_POST
def make(request: Any, number: str) -> HttpResponse:
    try:
        count = actions.make_cards(request.actor, number=number, at=clock.now())
        said = f"制好 {count} 张，可以打印了。" if count else "名单上的人都有证，没有要补制的。"
        messages.success(request, said)
    except Conflict as error:
        messages.error(request, error.message)
    return _back(number)


def _count_typed(request: Any, text: str) -> None:
    if is_typed(text):
        who = f"card-typed:{request.actor.user_id}"
        hit(who, limit=TYPED_AN_HOUR, per_seconds=HOUR, at=clock.now())


@staff(P.ELECTION_RUN)
@require_POST
def find(request: Any, number: str) -> HttpResponse:
    """By its number or its code, to hand it out or to replace it."""
    text = request.POST.get("code", "")
    _count_typed(request, text)
    with reading(request):
        election = get_carded(request.actor, number=number)
        found = find_card(request.actor, election=election, text=text)
    if found is None:
        messages.error(request, NOT_FOUND)
        return _back(number)
    return HttpResponseRedirect(reverse("work:election-card", args=[number, found.pk]))


@staff(P.ELECTION_RUN)
@ask_or_act
def card(request: Any, number: str, card_id: int) -> HttpResponse:
    """One card, and its issue."""
    actor, at = request.actor, clock.now()
    with looking(request):
        election = get_carded(actor, number=number)
        found = get_card(actor, election=election, card_id=card_id)
        used = getattr(found, "use", None)
    form = IssueForm(typed(request), initial={"issued_on": today(at)})
    if request.method == "POST":
        attempt(
            form,
            lambda: actions.issue_cards(
                actor, number=election.number, card_ids=[found.pk], at=at, **form.told()
            ),
        )
        if not form.errors:
            messages.success(request, f"第 {found.number} 号记下了。")
            return _back(number)
    context = {
        "election": election,
        "card": found,
        "tone": TONES[CardState(found.state)],
        "used": used,
        "form": form,
        "now": at,
        "crumbs": crumbs_of(election, "选民证", f"第 {found.number} 号"),
    }
    return TemplateResponse(request, "work/elections/card.html", context, status=form.status)


@staff(P.ELECTION_RUN)
@require_POST
def issue(request: Any, number: str) -> HttpResponse:
    """Those whose boxes are ticked: a building, a family."""
    form = IssueForm(request.POST)
    ids = [pk for one in request.POST.getlist("card") if (pk := whole_number(one)) is not None]
    try:
        if not ids:
            raise InvalidInput("先勾选发了的证。")
        if not form.is_valid():
            raise InvalidInput(" ".join(str(one[0]) for one in form.errors.values()))
        count = actions.issue_cards(
            request.actor, number=number, card_ids=ids, at=clock.now(), **form.told()
        )
        messages.success(request, f"记下了，{count} 张已经发放。")
    except (Conflict, InvalidInput) as error:
        messages.error(request, error.message)
    house = tidy(request.POST.get("house"), most=120)
    return _back(number, group=tidy(request.POST.get("group")), house=house)


@staff(P.ELECTION_RUN)
@ask_or_act
def replace(request: Any, number: str, card_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election = get_carded(actor, number=number)
        old = get_card(actor, election=election, card_id=card_id)
    question = Question(
        title=f"补发{old.voter.name}的选民证？",
        follows=(
            f"第 {old.number} 号马上作废，再拿来领票会被拒绝。",
            "新证用新的编号，打印以后照样签字领取。",
        ),
        yes="作废旧证，补发新证",
        no="不补发",
        back_url=reverse("work:election-card", args=[election.number, old.pk]),
        next_url=f"{reverse('work:election-cards', args=[election.number])}?"
        + urlencode({"group": old.voter.group}),
        done="旧证作废了，新证可以打印。",
        crumbs=crumbs_of(election, "选民证"),
    )

    def act(reason: str) -> object:
        return actions.replace_card(
            actor, number=election.number, card_id=old.pk, why=reason, at=clock.now()
        )

    return ask_first(request, question, act)


@staff(P.ELECTION_RUN)
@never_cache
@ask_or_act
def check(request: Any, number: str) -> HttpResponse:
    """A card is shown: what it is worth, and nothing of whose it is but what tells two apart."""
    actor, at = request.actor, clock.now()
    form = CheckForm(typed(request))
    asked = request.method == "POST" and form.is_valid()
    if asked:
        _count_typed(request, form.cleaned_data["code"])
    elif request.method == "POST":
        form.status = InvalidInput.status
    with looking(request):
        election = get_carded(actor, number=number)
        context = {
            "election": election,
            "form": form,
            "now": at,
            "crumbs": crumbs_of(election, "核验选民证"),
        }
        if asked:
            context |= _answer(actor, election, form.cleaned_data["code"], at)
            context["form"] = CheckForm()  # ready for the next one
    return TemplateResponse(request, "work/elections/card_check.html", context, status=form.status)


def _answer(actor: Any, election: Any, text: str, at: Any) -> dict[str, Any]:
    read = read_card(actor, election=election, text=text)
    record(
        actor,
        act="election.check-card",
        target=election.number,
        area=election.area,
        at=at,
        answer=read.answer,
        card=read.number,
    )
    good = read.answer == CardAnswer.VALID
    words = "核对本人身份证件，可以领票。" if good else refusal(read)
    return {"read": read, "tone": ANSWERS[read.answer], "words": words}

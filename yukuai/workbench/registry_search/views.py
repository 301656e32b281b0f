"""One box over the register. Never in an address, where a number or a name would stay: what is
looked for is only ever sent as a form."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.registry.actions import count_search, note_search
from yukuai.registry.catalogue import BadValue, check_paper
from yukuai.registry.queries.searching import Found, find_in_register
from yukuai.registry.questions import LABELS, LONGEST, Question, Sort, read_question
from yukuai.registry.states import Kind
from yukuai.workbench.admin.asking import ask_or_act
from yukuai.workbench.fields import tidy

KINDS = {
    "people": Kind.PERSON,
    "rooms": Kind.DWELLING,
    "buildings": Kind.BUILDING,
    "organisations": Kind.ORGANISATION,
}


@staff(Permission.REGISTRY_VIEW)
@never_cache
@ask_or_act
def search(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    q = tidy(request.POST.get("q"), most=LONGEST) if request.method == "POST" else ""
    question = read_question(q)
    if question.sort is Sort.NOTHING:
        return _page(request, q, question, None)
    count_search(actor, question=question, at=at)
    with reading(request):
        found = find_in_register(actor, question=question)
        note_search(actor, question=question, found=len(found), at=at)
        return _page(request, q, question, found).render()


def _page(request: Any, q: str, question: Question, found: Found | None) -> TemplateResponse:
    context = {
        "q": q,
        "asked_as": LABELS.get(question.sort, ""),
        "asked": found is not None,
        "found": 0 if found is None else len(found),
        "doubt": _doubt(question),
        "more": found.more if found else (),
        **(_with_pages(found) if found else {}),
        "register_url": _register_url(request),
    }
    return TemplateResponse(request, "work/registry_search/page.html", context)


def _doubt(question: Question) -> str:
    """What is wrong with the number itself, whoever bears it."""
    if question.sort is not Sort.NUMBER:
        return ""
    try:
        check_paper("111", question.text, today=clock.today(clock.now()))
    except BadValue as error:
        return str(error)
    return ""


def _with_pages(found: Found) -> dict[str, list[tuple[Any, str]]]:
    """By group: what was found, each with the address of its record."""
    return {
        group: [(one, _url("work:registry-record", kind, one.id)) for one in getattr(found, group)]
        for group, kind in KINDS.items()
    }


def _register_url(request: Any) -> str:
    """The form of a new person where the officer keeps the register himself."""
    division = request.post.division
    if division.kind != "community" or not request.actor.may(Permission.REGISTRY_EDIT):
        return ""
    return _url("work:registry-new", division.pk, Kind.PERSON)


def _url(route: str, *args: object) -> str:
    """'' where there is no such page."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""

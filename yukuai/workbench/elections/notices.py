"""An announcement: the paper, where it hangs, and its correction."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.documents.http import (
    attachment_response,
    document_page_response,
    document_response,
)
from yukuai.documents.queries import get_attachment, get_document
from yukuai.elections import actions
from yukuai.elections.actions.notices import SUBJECT
from yukuai.elections.queries import get_election, get_notice
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.workbench.admin.asking import AdminForm, DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.forms import PickForm
from yukuai.workbench.fields import select, words

P = Permission


def _read(request: Any, number: str, notice_id: int) -> tuple[Any, Any]:
    election = get_election(request.actor, number=number)
    return election, get_notice(request.actor, election=election, notice_id=notice_id)


@staff(P.ELECTION_VIEW)
@require_GET
@never_cache
def notice(request: Any, number: str, notice_id: int) -> HttpResponse:
    election, one = _read(request, number, notice_id)
    postings = {row.spot_id: row for row in one.postings.all()}
    spots = [(spot, postings.get(spot.pk)) for spot in election.spots.order_by("pk")]
    context = {
        "election": election,
        "notice": one,
        "document": get_document(
            request.actor, document_id=one.document_id, permission=P.ELECTION_VIEW
        ),
        "spots": spots,
        "missing": sum(posting is None for _spot, posting in spots),
        "runs": bool(check(request.actor, P.ELECTION_RUN, election)),
        "now": clock.now(),
        "crumbs": crumbs_of(election, one.number),
    }
    return TemplateResponse(request, "work/elections/notice.html", context)


@staff(P.ELECTION_VIEW)
@require_safe
def paper(request: Any, number: str, notice_id: int) -> HttpResponse:
    _election, one = _read(request, number, notice_id)
    document = get_document(request.actor, document_id=one.document_id, permission=P.ELECTION_VIEW)
    return document_response(document, large="large" in request.GET)


@staff(P.ELECTION_VIEW)
@require_safe
def twin(request: Any, number: str, notice_id: int) -> HttpResponse:
    _election, one = _read(request, number, notice_id)
    document = get_document(request.actor, document_id=one.document_id, permission=P.ELECTION_VIEW)
    return document_page_response(document)


@staff(P.ELECTION_VIEW)
@require_safe
def photo(request: Any, number: str, notice_id: int, photo_id: int) -> HttpResponse:
    _election, one = _read(request, number, notice_id)
    found = get_attachment(
        request.actor,
        attachment_id=photo_id,
        subject=SUBJECT,
        object_id=one.pk,
        permission=P.ELECTION_VIEW,
    )
    return attachment_response(found, "thumb" if "thumb" in request.GET else "full")


class PostForm(PickForm):
    spot_id = select("贴在哪一处", (), "选一处。")
    posted_on = DayField("哪天贴的")
    picture = forms.FileField(
        label="照片",
        help_text="看得清公告和地点。手机上可以直接拍。",
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        error_messages={"required": "选一张照片。", "empty": "这个文件是空的。"},
    )


@staff(P.ELECTION_RUN)
@ask_or_act
def post(request: Any, number: str, notice_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election, one = _read(request, number, notice_id)
        hung = set(one.postings.values_list("spot_id", flat=True))
        spots = [spot for spot in election.spots.order_by("pk") if spot.pk not in hung]
    back = reverse("work:election-notice", args=[election.number, one.pk])
    initial = {"posted_on": today(clock.now()), "spot_id": request.GET.get("spot", "")}
    form = PostForm(typed(request), request.FILES or None, initial=initial)
    form.offer("spot_id", [("", "请选择"), *((spot.pk, spot.name) for spot in spots)])
    if request.method == "POST":

        def act() -> object:
            said = {**form.cleaned_data, "spot_id": int(form.cleaned_data["spot_id"])}
            return actions.post_notice(
                actor, number=election.number, notice_id=one.pk, at=clock.now(), **said
            )

        attempt(form, act)
        if not form.errors:
            messages.success(request, "记下了。")
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "title": f"张贴凭证：{one.number}",
        "lead": "张贴才算公布，网上发布不能代替。",
        "button": "上传",
        "back_url": back,
        "crumbs": crumbs_of(election, one.number),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)


class CorrectForm(AdminForm):
    body = words("更正后的全文", "写明更正后的全文。", rows=12, help="一行一段。")


@staff(P.ELECTION_RUN)
@ask_or_act
def correct(request: Any, number: str, notice_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        election, one = _read(request, number, notice_id)
        document = get_document(actor, document_id=one.document_id, permission=P.ELECTION_VIEW)
        body = document.data["body"]
    form = CorrectForm(typed(request), initial={"body": body})
    back = reverse("work:election-notice", args=[election.number, one.pk])
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.correct_notice(
                actor,
                number=election.number,
                notice_id=one.pk,
                body=form.cleaned_data["body"],
                at=clock.now(),
            ),
        )
        if made is not None:
            messages.success(request, f"{made.number}出好了，请打印张贴。")
            return HttpResponseRedirect(
                reverse("work:election-notice", args=[election.number, made.pk])
            )
    context = {
        "form": form,
        "title": f"更正：{one.number}",
        "lead": "编号不变，加“（更正）”。原来的一份留着，查得到。",
        "button": "出更正公告",
        "back_url": back,
        "crumbs": crumbs_of(election, one.number),
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)

"""A record is amended, confirmed, ended or opened again; another statement is chosen."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, require
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.registry import actions
from yukuai.registry.catalogue import FIELDS, field_of
from yukuai.registry.columns import shown
from yukuai.registry.keeping import permission_to_keep
from yukuai.registry.queries.reading import get_claim, get_record
from yukuai.registry.saying import values_of
from yukuai.workbench.admin.asking import ask_or_act, attempt, looking, typed
from yukuai.workbench.registry.forms import EndForm, RecordForm
from yukuai.workbench.registry.making import attempt_record
from yukuai.workbench.registry.places import crumbs_of, kind_of, record_url, title_of

P = Permission


def kept_record(request: Any, kind: str, record_id: int) -> Any:
    """Of which the reader also keeps the kind; whoever may not is told why."""
    row = get_record(request.actor, kind=kind_of(kind), record_id=record_id)
    require(request.actor, permission_to_keep(row.kind), row)
    return row


@staff(P.REGISTRY_VIEW)
@never_cache
@ask_or_act
def edit(request: Any, kind: str, record_id: int) -> HttpResponse:
    """Only what is typed otherwise than before is stated, from the source that is named."""
    at = clock.now()
    with looking(request):
        row = kept_record(request, kind, record_id)
        masks = {one.name: shown(row, one) for one in FIELDS[row.kind] if one.sealed}
        form = RecordForm(
            typed(request), kind=row.kind, known=values_of(row), masks=masks, today=today(at)
        )
    if request.method == "POST":
        written = attempt_record(
            form,
            lambda: actions.amend(
                request.actor,
                kind=row.kind,
                subject_id=row.pk,
                values=form.stated(),
                said=form.said(),
                at=at,
            ),
        )
        if written is not None:
            _tell(request, row.kind, written)
            return HttpResponseRedirect(record_url(row))
    context = {
        "form": form,
        "title": f"改{title_of(row)}",
        "lead": "只有和原来不一样的才记。没有变化的，回去点“没有变化”。",
        "button": "存下来",
        "no": "不改了",
        "back_url": record_url(row),
        "crumbs": crumbs_of(row, ("改", "")),
    }
    return TemplateResponse(request, "work/registry/form.html", context, status=form.status)


def _tell(request: Any, kind: str, written: Any) -> None:
    if written.changed:
        messages.success(request, f"改好了：{_labels(kind, written.changed)}。原来的值还在下面。")
    for name, why in written.noted.items():
        label = field_of(kind, name).label
        messages.info(request, f"{label}记下了，没有换上：{why}。要用新的，在这一项下面选它。")
    if not written.changed and not written.noted:
        messages.info(request, "和原来一样，什么都没有改。")


def _labels(kind: str, names: Any) -> str:
    return "、".join(field_of(kind, name).label for name in names)


@staff(P.REGISTRY_VIEW)
@require_POST
def confirm_unchanged(request: Any, kind: str, record_id: int) -> HttpResponse:
    row = _writing(request, kind, record_id)
    actions.confirm_unchanged(request.actor, kind=row.kind, subject_id=row.pk, at=clock.now())
    messages.success(request, "记下了：今天看过，没有变化。一年内以它为准。")
    return HttpResponseRedirect(record_url(row))


def _writing(request: Any, kind: str, record_id: int) -> Any:
    with looking(request):
        return kept_record(request, kind, record_id)


@staff(P.REGISTRY_VIEW)
@never_cache
@ask_or_act
def end(request: Any, kind: str, record_id: int) -> HttpResponse:
    at = clock.now()
    row = _writing(request, kind, record_id)
    form = EndForm(typed(request), initial={"on": today(at)})
    if request.method == "POST":
        said = {"kind": row.kind, "subject_id": row.pk, "at": at}
        attempt(form, lambda: actions.end_record(request.actor, **said, **form.cleaned_data))
        if not form.errors:
            messages.success(request, "注销了。记录还在，注销错了可以恢复。")
            return HttpResponseRedirect(record_url(row))
    context = {
        "question": _question(row),
        "form": form,
        "crumbs": crumbs_of(row, ("注销", "")),
    }
    return TemplateResponse(request, "work/admin/confirm.html", context, status=form.status)


def _question(row: Any) -> Mapping[str, Any]:
    follows = ["从这天起不再算在数里。记录和经过都留着，注销错了可以恢复。"]
    if row.kind == "person":
        follows.append("他的居住、家庭和服务标签同一天结束；等着的更正申请会说明记录已注销。")
    return {
        "title": f"注销{title_of(row)}？",
        "follows": follows,
        "yes": "注销",
        "no": "不注销",
        "back_url": record_url(row),
        "danger": True,
    }


@staff(P.REGISTRY_VIEW)
@require_POST
def reopen(request: Any, kind: str, record_id: int) -> HttpResponse:
    row = _writing(request, kind, record_id)
    try:
        actions.reopen_record(request.actor, kind=row.kind, subject_id=row.pk, at=clock.now())
    except Conflict as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "恢复了。居住和家庭要重新登记。")
    return HttpResponseRedirect(record_url(row))


@staff(P.REGISTRY_EDIT)
@require_POST
def choose(request: Any, claim_id: int) -> HttpResponse:
    """The other statement is the right one: from then on it is shown, the former one kept."""
    with looking(request):
        claim = get_claim(request.actor, claim_id=claim_id)
    try:
        actions.choose_claim(request.actor, claim_id=claim_id, at=clock.now())
    except InvalidInput as error:
        sentences = error.fields.values() or [error.message]
        messages.error(request, f"没有换上：{''.join(sentences)}")
    else:
        messages.success(request, "换上了。原来的值还在下面。")
    return redirect("work:registry-record", kind=claim.kind, record_id=claim.subject_id)

"""Lines out of files and into files."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.boundaries import actions
from yukuai.boundaries.queries import get_draft, get_sheet
from yukuai.divisions.lines import list_lines_below
from yukuai.divisions.queries import get_division
from yukuai.documents.http import attachment_response
from yukuai.documents.queries import get_attachment
from yukuai.engines.mapfiles import (
    CRS,
    Drawn,
    Refused,
    read,
    to_feature_collection,
    to_shapefile,
)
from yukuai.engines.partition import canonical, from_geojson, from_wkb
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import choice
from yukuai.workbench.lines.data import file_limits

P = Permission
SYSTEMS = [
    (CRS.CGCS2000, "2000 国家大地坐标（EPSG:4490）"),
    (CRS.WGS84, "WGS 84（EPSG:4326）\n和 2000 坐标的数字相同，差不到一分米"),
    (CRS.GCJ02, "火星坐标（GCJ-02）\n从高德、腾讯等地图上描下来的，导入时换算"),
]


class ImportForm(AdminForm):
    file = forms.FileField(
        label="文件",
        help_text="GeoJSON、KML，或者装着 Shapefile 的 zip。按编码、再按名称对上下级。",
        error_messages={"required": "选一个文件。", "empty": "这个文件是空的。"},
    )
    crs = choice("文件用什么坐标", SYSTEMS, "选文件用什么坐标。")


@staff(P.BOUNDARY_DRAW)
@ask_or_act
def bring(request: Any, number: str) -> HttpResponse:
    with looking(request):
        draft = get_draft(request.actor, number=number)
    back = reverse("work:line", args=[draft.number])
    form = ImportForm(typed(request), request.FILES or None, initial={"crs": CRS.CGCS2000})
    if request.method == "POST":
        found = attempt(form, lambda: _bring(request.actor, draft.number, form))
        if found is not None:
            said = f"对上 {len(found.matched)} 个。"
            if found.unmatched or found.missing:
                said += f"对不上的 {len(found.unmatched)} 个，"
                said += f"没有得到图形的下级 {len(found.missing)} 个。"
            messages.success(request, said)
            return HttpResponseRedirect(f"{back}#import")
    context = {
        "form": form,
        "title": "从文件导入",
        "lead": "对上的下级换成文件里的图形，其余不动。导入后马上检查，脏的数据可以在这里修。",
        "button": "导入",
        "no": "不导入",
        "back_url": back,
        "crumbs": [
            {"label": "画界线", "url": reverse("work:lines")},
            {"label": draft.number, "url": back},
            {"label": "从文件导入"},
        ],
    }
    return TemplateResponse(request, "work/lines/do.html", context, status=form.status)


def _bring(actor: Any, number: str, form: ImportForm) -> Any:
    upload, limits = form.cleaned_data["file"], file_limits()
    try:
        features = read(upload.read(limits.bytes + 1), limits=limits)
    except Refused as error:
        raise InvalidInput(str(error), fields={"file": str(error)}) from error
    return actions.import_shapes(
        actor,
        number=number,
        features=features,
        crs=CRS(form.cleaned_data["crs"]),
        file=upload.name or "",
        at=clock.now(),
    )


@staff(P.BOUNDARY_DRAW)
@require_safe
@never_cache
def export_draft(request: Any, number: str, form: str) -> HttpResponse:
    draft = get_draft(request.actor, number=number)
    sheet = get_sheet(request.actor, draft=draft)
    drawn = [
        Drawn(canonical(from_geojson(shape.drawn)), _said(child))
        for child, shape in sheet.children
        if shape is not None and shape.drawn
    ]
    at = clock.now()
    record(request.actor, act="line.export", target=draft.number, area=draft.area, at=at, form=form)
    return _file(drawn, form, draft.number)


@staff(P.BOUNDARY_DRAW)
@require_safe
def paper(request: Any, number: str, attachment_id: int) -> HttpResponse:
    """The scan of the document a draft rests on."""
    draft = get_draft(request.actor, number=number)
    found = get_attachment(
        request.actor, attachment_id=attachment_id, subject="line", object_id=draft.pk
    )
    return attachment_response(found)


@staff()
@require_safe
@never_cache
def export_in_effect(request: Any, division_id: int, form: str) -> HttpResponse:
    """What everybody may know."""
    division = get_division(request.actor, division_id=division_id)
    rows = list_lines_below(request.actor, parent=division)
    drawn = [Drawn(from_wkb(line), _said(child)) for child, line in rows]
    return _file(drawn, form, f"lines-{division.code or division.pk}")


def _said(child: Any) -> dict[str, Any]:
    return {"id": child.pk, "name": child.name, "code": child.code, "kind": child.kind}


def _file(drawn: Sequence[Drawn], form: str, name: str) -> HttpResponse:
    if not drawn:
        raise NotFound("这里还没有画界线，没有可以导出的。")
    if form == "geojson":
        said = json.dumps(to_feature_collection(drawn), ensure_ascii=False)
        answer = HttpResponse(said, content_type="application/geo+json")
        name += ".geojson"
    elif form == "shapefile":
        answer = HttpResponse(to_shapefile(drawn, name=name), content_type="application/zip")
        name += ".zip"
    else:
        raise NotFound("只能导出 GeoJSON 或 Shapefile。")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

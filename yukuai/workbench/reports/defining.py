"""A definition is made with plain forms: first what a row is, then the rest on one page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel import clock
from yukuai.kernel.errors import NotPermitted
from yukuai.registry.actions.reporting import NOT_OWN, Head, retire_report, save_report
from yukuai.registry.queries.reports import get_report, is_own
from yukuai.registry.reporting import (
    BY,
    COLUMNS,
    DERIVED,
    HOW,
    PLACE,
    SPELL,
    WORDS,
    Column,
    Filter,
    Shape,
    counted_by,
    sortable,
    splits,
)
from yukuai.registry.states import Kind
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.fields import choice, line, select
from yukuai.workbench.reports.views import LIST, rows_of

P = Permission
FILTERS = 4
TITLES = {**WORDS, PLACE: "在哪里"}


class RowsForm(AdminForm):
    """What a row is."""

    kind = choice("哪一类底数", Kind.choices, "选一类底数。")
    by = choice(
        "一行是什么",
        [
            ("", "一条记录\n一个人、一间房、一个单位占一行"),
            *((k, f"按{v}汇总件数") for k, v in BY.items()),
        ],
        required=False,
    )


class ReportForm(AdminForm):
    """Of one kind; ticks by whose field it is, so that a long list reads in parts."""

    name = line("表名", "给这张表起个名字。", help="在列表里怎么叫，最多 60 个字。")
    title = line("表上的标题", "写表上印的标题。")
    purpose = line(
        "做什么用", "写明做什么用。", help="导出时先填好，居民查“谁看过我的信息”看得到。"
    )
    basis = line("依据", required=False, help="哪份文件、哪个通知要的。")
    recipient = line("报给谁", required=False)

    def __init__(self, *args: Any, actor: Actor, shape: Shape, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        offered = [one for one in COLUMNS[shape.kind] if _offered(actor, one)]
        self.parts: list[str] = []
        if shape.is_summary:
            self._split()
        else:
            self._columns(offered)
        self._filters(offered)

    def _columns(self, offered: Sequence[Column]) -> None:
        own = (self.shape.kind, DERIVED, SPELL)
        groups = [("own", Kind(self.shape.kind).label, [c for c in offered if c.source in own])]
        for source, title in TITLES.items():
            if source not in own:
                groups.append((source, title, [c for c in offered if c.source == source]))
        for source, title, columns in groups:
            if not columns:
                continue
            name = f"columns_{source}"
            self.parts.append(name)
            self.fields[name] = forms.MultipleChoiceField(
                label=f"要哪些栏：{title}",
                choices=[(one.name, one.label) for one in columns],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=self.shape.columns,
                error_messages={"invalid_choice": "有一栏认不出来，请重新选。"},
            )
        order = [("", "登记的先后"), *((c.name, c.label) for c in offered if sortable(c))]
        self.fields["order"] = select("按什么排", order, required=False)
        self.fields["order"].initial = self.shape.order

    def _split(self) -> None:
        few = [("", "只数总数"), *((c.name, f"按{c.label}") for c in splits(self.shape.kind))]
        self.fields["split"] = select("分开数", few, required=False)
        self.fields["split"].initial = self.shape.split

    def _filters(self, offered: Sequence[Column]) -> None:
        columns = [("", "不加条件"), *((one.name, one.label) for one in offered)]
        how = [(key, label) for key, label in HOW.items()]
        for number in range(FILTERS):
            known = self.shape.filters[number] if number < len(self.shape.filters) else None
            parts = {
                "column": select(f"条件 {number + 1}", columns, required=False),
                "how": select("怎么比", how, required=False),
                "value": line("值", required=False),
            }
            for part, field in parts.items():
                field.initial = getattr(known, part, "")
                self.fields[f"f{number}_{part}"] = field

    @property
    def conditions(self) -> list[tuple[Any, Any, Any]]:
        """For the page: three fields a line."""
        return [
            (self[f"f{n}_column"], self[f"f{n}_how"], self[f"f{n}_value"]) for n in range(FILTERS)
        ]

    @property
    def pickers(self) -> list[Any]:
        return [self[name] for name in self.parts]

    def asked(self) -> tuple[Head, Shape]:
        said = self.cleaned_data
        head = Head(*(said[n] for n in ("name", "title", "purpose", "basis", "recipient")))
        ticked = [name for part in self.parts for name in said[part]]
        filters = [
            Filter(said[f"f{n}_column"], said[f"f{n}_how"], said[f"f{n}_value"])
            for n in range(FILTERS)
            if said[f"f{n}_column"]
        ]
        return head, Shape(
            self.shape.kind,
            self.shape.by,
            in_order(ticked, self.shape.columns),
            said.get("split", ""),
            tuple(filters),
            said.get("order", ""),
        )


def in_order(ticked: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """As they stood, what is new behind them."""
    kept = [name for name in before if name in ticked]
    return (*kept, *(name for name in ticked if name not in before))


def _offered(actor: Actor, column: Column) -> bool:
    return column.name != "spell.care" or actor.may(P.REGISTRY_VIEW)


@staff(P.REPORT_USE)
@ask_or_act
def new(request: Any) -> HttpResponse:
    """`?kind=&by=` says what a row is, `columns` what a compared form asked for."""
    given = request.GET
    kind, by = given.get("kind", ""), given.get("by", "")
    if kind not in COLUMNS or (by and by not in counted_by(kind)):
        return _choose(request)
    known = {one.name for one in COLUMNS[kind]}
    wanted = given.get("columns", "")[:4000].split(",")
    columns = tuple(dict.fromkeys(name for name in wanted if name in known))
    if not by and not columns:
        own = (one for one in COLUMNS[kind] if one.source == kind and one.field.required)
        columns = tuple(one.name for one in own)
    return _form(request, Shape(kind, by, columns), None, "新建一张表", reverse("work:reports"))


def _choose(request: Any) -> HttpResponse:
    chosen = request.GET if "kind" in request.GET else None
    form = RowsForm(chosen, initial={"kind": "person", "by": ""})
    if chosen is not None:
        form.add_error("by" if form.is_valid() else None, "这一类底数不能这样汇总，换一个。")
    context = {
        "form": form,
        "title": "新建一张表",
        "back_url": reverse("work:reports"),
        "crumbs": [LIST, {"label": "新建"}],
    }
    return TemplateResponse(request, "work/reports/rows.html", context)


@staff(P.REPORT_USE)
@ask_or_act
def edit(request: Any, report_id: int) -> HttpResponse:
    with looking(request):
        report = get_report(request.actor, report_id=report_id)
    if not is_own(request.actor, report=report):
        raise NotPermitted(NOT_OWN)
    back = reverse("work:report", args=[report_id])
    return _form(request, report.asks, report, f"改“{report.name}”", back)


def _form(request: Any, shape: Shape, report: Any, title: str, back: str) -> HttpResponse:
    names = ("name", "title", "purpose", "basis", "recipient")
    initial = {name: getattr(report, name) for name in names} if report else {}
    with looking(request):
        form = ReportForm(typed(request), initial=initial, actor=request.actor, shape=shape)
    if request.method == "POST":
        saved = attempt(form, lambda: _save(request, form, report))
        if saved is not None:
            messages.success(request, f"“{saved.name}”存好了，第 {saved.version} 版。")
            return HttpResponseRedirect(reverse("work:report", args=[saved.pk]))
    context = {
        "form": form,
        "title": title,
        "lead": rows_of(shape),
        "button": "存下这张表",
        "back_url": back,
        "no": "不存",
        "crumbs": [LIST, {"label": title}],
    }
    return TemplateResponse(request, "work/reports/define.html", context, status=form.status)


def _save(request: Any, form: ReportForm, report: Any) -> Any:
    head, shape = form.asked()
    report_id = report.pk if report else None
    return save_report(request.actor, head=head, shape=shape, report_id=report_id, at=clock.now())


@staff(P.REPORT_USE)
@ask_or_act
def retire(request: Any, report_id: int) -> HttpResponse:
    with looking(request):
        report = get_report(request.actor, report_id=report_id)
    back = reverse("work:report", args=[report_id])
    form = AdminForm(typed(request))
    if request.method == "POST":
        attempt(form, lambda: retire_report(request.actor, report_id=report_id, at=clock.now()))
        if not form.errors:
            messages.success(request, f"“{report.name}”停用了。")
            return HttpResponseRedirect(reverse("work:reports"))
    context = {
        "form": form,
        "question": {
            "title": f"停用“{report.name}”？",
            "follows": ["您和下面的村（社区）都不再看到它。", "已经导出过的记录都还在。"],
            "yes": "停用",
            "no": "不停用",
            "back_url": back,
            "danger": True,
        },
        "crumbs": [LIST, {"label": report.name, "url": back}, {"label": "停用"}],
    }
    return TemplateResponse(request, "work/admin/confirm.html", context, status=form.status)

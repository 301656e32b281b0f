"""A report as a file: Excel or PDF, each page marked with who took it, when, what for, and under
which number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from yukuai.documents.handing import HandedOut, keep_bytes, keep_sheet, mark_of
from yukuai.documents.sheets import MEDIA as SHEETS
from yukuai.documents.sheets import Cell, Head
from yukuai.documents.typesetting import make_pdf
from yukuai.kernel.clock import SHANGHAI
from yukuai.registry.codes import all_labels
from yukuai.registry.reporting import Shape, say_children, say_filter

if TYPE_CHECKING:
    from yukuai.registry.models import ReportOutput

FOLDER = "reports"
MEDIA = {"xlsx": SHEETS["xlsx"], "pdf": "application/pdf"}
TEMPLATE = "v1/report.typ"
NARROW, USUAL, WIDE = 10, 14, 26


@dataclass(frozen=True)
class Paper:
    title: str
    mark: str
    notes: Sequence[tuple[str, str]]
    labels: Sequence[str]


def lay_out(
    output: "ReportOutput",
    shape: Shape,
    labels: Sequence[str],
    *,
    taken_by: str,
    at: datetime,
    children: int = 0,
) -> Paper:
    """What stands around the table. `children` are those of the report who are not in it."""
    report = output.report
    sets = all_labels()
    filters = "；".join(say_filter(shape.kind, one, codes=sets) for one in shape.filters)
    day = at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    notes = [
        ("填报单位", output.division.name),
        ("报给", report.recipient),
        ("依据", report.basis),
        ("用途", output.purpose),
        ("条件", filters or "没有"),
        ("数据时间", day),
        ("编号", output.number),
        ("批准", output.settled_by),
        ("没有列入", say_children(children)),
        ("说明", "由底数自动填出，空格是底数里没有的。只用于上面写的用途，用完删除。"),
    ]
    return Paper(
        title=output.title,
        mark=mark_of(number=output.number, taken_by=taken_by, at=at, purpose=output.purpose),
        notes=[(label, said) for label, said in notes if said],
        labels=labels,
    )


def write_paper(
    form: str, paper: Paper, rows: Iterable[Sequence[Cell]], *, at: datetime
) -> HandedOut:
    """A step: the file, stored."""
    if form == "xlsx":
        widths = [_width(label) for label in paper.labels]
        head = Head(paper.title, paper.mark, paper.notes, paper.labels, widths, tab="表")
        return keep_sheet(form, head, rows, folder=FOLDER, at=at)
    table = [[str(cell) for cell in row] for row in rows]
    facts = {
        "title": paper.title,
        "mark": paper.mark,
        "notes": [list(pair) for pair in paper.notes],
        "labels": list(paper.labels),
        "widths": [_width(label) for label in paper.labels],
        "rows": table,
    }
    pdf = make_pdf(TEMPLATE, facts)
    return keep_bytes(pdf, folder=FOLDER, suffix=".pdf", rows=len(table), at=at)


def _width(label: str) -> int:
    """In signs of Excel, and as shares of a page."""
    if any(word in label for word in ("地址", "单位", "名称", "内容", "依据")):
        return WIDE
    return NARROW if len(label) <= 3 else USUAL

"""What is uploaded, and what its columns are."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from yukuai.registry.codes import sources
from yukuai.registry.intake.mapping import KINDS, targets
from yukuai.registry.queries.importing import Sample
from yukuai.registry.states import Kind, Living
from yukuai.workbench.admin.asking import AdminForm, DayField
from yukuai.workbench.fields import choice, select

ROWS = {
    Kind.PERSON: "人\n可以同时带上楼栋、房号、居住情况、户编号和与户主关系",
    Kind.DWELLING: "房屋\n楼栋、单元、房号",
    Kind.COMPOUND: "小区\n物业公司、业委会；小区要先在区划里设立",
}
NOTHING = ("", "不导入这一栏")
BY_LINE = ("", "每行自己写，没写的算有错")


class UploadForm(AdminForm):
    kind = choice("每行是什么", [(kind, ROWS.get(Kind(kind), Kind(kind).label)) for kind in KINDS])
    file = forms.FileField(
        label="文件",
        help_text="Excel（.xlsx）或 CSV，40 MB、20 万行以内。第一行写栏目名，或者上面只有标题。",
        error_messages={"required": "选一个文件。", "empty": "文件是空的。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )


class ColumnsForm(AdminForm):
    """`c0`, `c1`…: what each column is."""

    def __init__(self, data: Any, *, kind: str, samples: Sequence[Sample], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.samples = samples
        choices = [NOTHING, *((one.key, one.label) for one in targets(kind))]
        for one in samples:
            self.fields[f"c{one.place}"] = select(
                one.heading or "（没有栏目名）", choices, required=False
            )
            self.initial.setdefault(f"c{one.place}", one.key)
        self.fields["source"] = select(
            "数据来源", [("", "选一个"), *((one.code, one.label) for one in sources().values())]
        )
        self.fields["collected_on"] = DayField("采集日期", help_text="这些数据是哪一天的。")
        if kind == Kind.PERSON:
            self.fields["living"] = select(
                "没写居住情况的行按", [BY_LINE, *Living.choices], required=False
            )
            self.fields["adds_doubtful"] = forms.BooleanField(
                label="可能重复的也登记", required=False
            )

    @property
    def columns(self) -> list[str]:
        return [self.cleaned_data[f"c{one.place}"] for one in self.samples]

    @property
    def rows(self) -> list[tuple[Sample, Any]]:
        """Each column with its field, as the page shows them."""
        return [(one, self[f"c{one.place}"]) for one in self.samples]

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        collected: date = given["collected_on"]
        return {
            "columns": self.columns,
            "source": given["source"],
            "collected_on": collected,
            "living": given.get("living", ""),
            "adds_doubtful": given.get("adds_doubtful", False),
        }

"""One form for every kind, made from the catalogue: what is not known stays as it was typed."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms

from yukuai.registry.catalogue import FIELDS, Field, Sort
from yukuai.registry.codes import labels_of, sources
from yukuai.registry.keeping import Said
from yukuai.registry.states import Ending, Living
from yukuai.workbench.admin.asking import AdminForm, DayField
from yukuai.workbench.fields import WordsField, choice, line, select

NOT_TYPED = frozenset({"import", "self"})
"""Sources that speak for themselves: an import writes itself, a resident in his own record."""
CLEAR = "clear_"
NOTHING = ("", "没有填")
YES_NO = (NOTHING, ("1", "是"), ("0", "否"))
_KEYPADS = {Sort.INTEGER: "numeric", Sort.DECIMAL: "decimal", Sort.PHONE: "tel"}
WINDOW = "window"


class RecordForm(AdminForm):
    """`known` is what the record has: only what is typed otherwise is stated again. Sealed fields
    start empty; `masks` says what is there, an empty one changes nothing."""

    source = select("从哪里知道的", [], "请选择数据来源。")
    collected_on = DayField("哪天采集的")
    seen = forms.BooleanField(label="我当面或对着证件核实过", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        known: Mapping[str, str] | None = None,
        masks: Mapping[str, str] | None = None,
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.kind, self.known, masks = kind, known, masks or {}
        start: dict[str, Any] = {
            **(known or {}),
            "source": WINDOW,
            "collected_on": today,
            "seen": True,
        }
        super().__init__(data, initial=start | dict(initial or {}))
        own = dict(self.fields)
        self.fields.clear()
        for field in FIELDS[kind]:
            self.fields[field.name] = _control(field, masks.get(field.name, ""))
            if masks.get(field.name):
                label = f"把{field.label}清掉"
                self.fields[CLEAR + field.name] = forms.BooleanField(label=label, required=False)
        self.fields |= own
        offered = [(one.code, one.label) for one in sources().values() if one.code not in NOT_TYPED]
        chosen = self.fields["source"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = offered

    def facts(self) -> Iterator[tuple[Any, str, Any]]:
        """The fields of the record, each with the light word beside its label and, of a sealed
        one, the box that empties it."""
        for field in FIELDS[self.kind]:
            clear = CLEAR + field.name
            box = self[clear] if clear in self.fields else None
            yield self[field.name], "必填" if field.required else " ", box

    def stated(self) -> dict[str, str]:
        """What whoever typed says: of a new record all, of a known one what differs."""
        said = {}
        for field in FIELDS[self.kind]:
            text = str(self.cleaned_data.get(field.name, ""))
            if self.cleaned_data.get(CLEAR + field.name):
                said[field.name] = ""
            elif field.sealed or self.known is None:
                if text or (field.required and self.known is None):
                    said[field.name] = text
            elif text != self.known.get(field.name, ""):
                said[field.name] = text
        return said

    def said(self) -> Said:
        data = self.cleaned_data
        return Said(data["source"], data["collected_on"], seen=data["seen"])


def _control(field: Field, mask: str) -> forms.Field:
    note = f"现在登记的是 {mask}，不填就不动。" if mask else field.help
    if field.sort is Sort.CODE:
        options = [NOTHING, *labels_of(field.codes).items()]
        return select(field.label, options, f"请选择{field.label}。", required=False)
    if field.sort is Sort.YES_NO:
        return select(field.label, YES_NO, f"请选择{field.label}。", required=False)
    typed = line(field.label, required=False, help=note)
    if field.sort is Sort.DATE:
        typed.widget = forms.DateInput(attrs={"type": "date"})
    if keypad := _KEYPADS.get(field.sort):
        typed.widget.attrs["inputmode"] = keypad
    if field.sealed:
        typed.widget.attrs["autocomplete"] = "off"
    return typed


class LivingForm(AdminForm):
    living = choice("怎么住", Living.choices, "请选择居住情况。")
    since = DayField("从哪天起", required=False, help_text="不清楚就不填。")


class MoveOutForm(AdminForm):
    until = DayField("哪天搬走的")


class MemberForm(AdminForm):
    person = choice("谁", [], "选一个人。")
    relation = select("与户主的关系", [], "请选择与户主的关系。", required=False)
    since = DayField("从哪天起", required=False, help_text="不清楚就不填。")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", people)
        offer(self, "relation", [NOTHING, *labels_of("relation").items()])


class CareForm(AdminForm):
    code = choice("哪一种服务对象", [], "请选择服务类别。")
    basis = line("依据", "请写明依据哪份文件或证明。", help="例：残疾人证、低保审批表。写上文号。")
    since = DayField("从哪天起")
    until = DayField("到哪天前", required=False, help_text="长期的不填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", list(labels_of("care").items()))


class EndForm(AdminForm):
    why = choice("为什么注销", [one for one in Ending.choices if one[0] != Ending.MERGED])
    on = DayField("从哪天起")


class EntranceForm(AdminForm):
    name = line("单元名称", "请填写单元名称。", help="例：1单元。")


class SettleForm(AdminForm):
    accepted = choice(
        "怎么定", [("yes", "照他说的改"), ("no", "不改")], "选一个：照他说的改，还是不改。"
    )
    answer = WordsField(
        label="告诉他的话",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不改的，要写明为什么。他会在消息里读到。",
    )


def offer(form: forms.Form, name: str, options: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = options

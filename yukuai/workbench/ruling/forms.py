"""The form of a dispatch rule: what was typed, as the action takes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_department_kinds, list_departments
from yukuai.cases.actions.rulebook import RuleTold
from yukuai.cases.queries import list_categories
from yukuai.cases.states import Triage
from yukuai.cases.states.ruling import TargetKind
from yukuai.cases.targets import parse_key
from yukuai.cases.trials import MONTHS
from yukuai.divisions.queries import list_ancestors
from yukuai.workbench.admin.asking import AdminForm
from yukuai.workbench.fields import choice, line, number, select, words

if TYPE_CHECKING:
    from yukuai.cases.models import DispatchRule
    from yukuai.divisions.models import Division

TRIAGES = [("", "不论"), (Triage.MAJOR.value, "大事"), (Triage.MINOR.value, "小事")]
URGENCIES = [("", "不论"), ("yes", "紧急的"), ("no", "不紧急的")]
URGENT = {"": None, "yes": True, "no": False}
NUMBER = "这里填 0 到 9999 的数字，小的在前。"


class RuleForm(AdminForm):
    """`division` is chosen before: which units and kinds there are depends on it."""

    name = line(
        "规则名称", "给规则起个名字，看得懂就行。", help="例如：南门夜市油烟。最多 40 个字。"
    )
    category = select("类别", [], "重新选一类。", required=False)
    terms = line(
        "话里有哪些词", required=False, help="用空格隔开，例如：油烟 烧烤。不填就不看话里的词。"
    )
    every = forms.BooleanField(label="这些词全都要有才算（不勾：有一个就算）", required=False)
    triage = select("大事小事", TRIAGES, required=False)
    urgent = select("紧不紧急", URGENCIES, required=False)
    target = choice(
        "派给谁",
        [
            (TargetKind.NEAREST.value, "离得最近的某类部门\n从事情所在的地方往上找，先到先得"),
            (TargetKind.UNIT.value, "指定一个单位\n不管在哪里，都派给它"),
        ],
        "选怎么派。",
    )
    department_kind = select("哪类部门", [], "选一类部门。", required=False)
    unit = select("哪个单位", [], "选一个单位。", required=False)
    opinion = words(
        "交办意见",
        rows=3,
        required=False,
        help="派单时先填好，派单的人可以改。{事情}、{地点}、{希望}会换成那件事里的话。不填就按原话拟。",
    )
    order = forms.IntegerField(
        label="排在第几",
        min_value=0,
        max_value=9999,
        initial=100,
        help_text="别的都一样时，小的先用。",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NUMBER),
    )
    reason = words("为什么这样定", "写明为什么，以后查得到。", rows=2)

    def __init__(self, *args: Any, actor: Actor, division: "Division", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division = division
        self._offer("category", [("", "不论"), *_categories(actor)])
        kinds = list_department_kinds(actor, area=division.path)
        self._offer("department_kind", [("", "选一类"), *((kind, kind) for kind in kinds)])
        self._offer("unit", [("", "选一个单位"), *list_units(actor, division)])

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def told(self) -> RuleTold:
        said = self.cleaned_data
        unit_id, department_id = parse_key(said["unit"]) if said["unit"] else (None, None)
        return RuleTold(
            division_id=self.division.pk,
            name=said["name"],
            target=said["target"],
            unit_id=unit_id,
            department_id=department_id,
            department_kind=said["department_kind"],
            category_id=number(said["category"]),
            words=tuple(said["terms"].replace("、", " ").replace("，", " ").split()),
            every=said["every"],
            triage=said["triage"],
            urgent=URGENT[said["urgent"]],
            opinion=said["opinion"],
            order=said["order"],
        )


class TrialForm(AdminForm):
    months = choice(
        "拿哪一段的事来试", [(str(n), label) for n, label in MONTHS.items()], "选一个。"
    )


def _categories(actor: Actor) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in list_categories(actor)]


def list_units(actor: Actor, division: "Division") -> list[Any]:
    """Whoever is in charge of the whole place, level by level, the nearest first."""
    chain = [*list_ancestors(actor, division=division), division]
    offices: dict[int, list[tuple[str, str]]] = {}
    for one in list_departments(actor, area=division.path):
        offices.setdefault(one.division_id, []).append((f"{one.division_id}-{one.pk}", one.name))
    groups = []
    for level in reversed(chain):
        own = [] if level.kind == "city" else [(f"{level.pk}-", level.name)]
        groups.append((level.name, [*own, *offices.get(level.pk, [])]))
    return [group for group in groups if group[1]]


def now_said(rule: "DispatchRule") -> dict[str, Any]:
    kept = ("name", "every", "triage", "target", "department_kind", "opinion", "order")
    unit = f"{rule.unit_id}-{rule.department_id or ''}" if rule.unit_id is not None else ""
    urgent = {None: "", True: "yes", False: "no"}[rule.urgent]
    return {name: getattr(rule, name) for name in kept} | {
        "category": rule.category_id or "",
        "terms": " ".join(rule.words),
        "urgent": urgent,
        "unit": unit,
    }

"""The filter of the list of matters: what stands in the address, what it means, how it is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from yukuai.accounts.policy import SYSTEM, Actor, Permission
from yukuai.accounts.queries import find_departments
from yukuai.cases.filters import Filter
from yukuai.cases.queries import known_categories
from yukuai.cases.states import DONE, OPEN, CaseState, Source, Triage
from yukuai.divisions.queries import Found, find_divisions, get_division
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.reference import ReferenceMap
from yukuai.workbench.admin.asking import DayField, ends, midnight
from yukuai.workbench.fields import line, number, select, tidy

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

PLACES_SHOWN = 8
DOOR_DEPTH = 2
"""How deep in the tree a district lies."""
GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "open": ("没办完的", frozenset(OPEN)),
    "new": ("等受理、分流、派单", frozenset({"submitted", "accepted", "triaged", "reopened"})),
    "handling": (
        "正在办",
        frozenset({"dispatched", "handling", "collab", "extended", "return-requested", "objected"}),
    ),
    "checking": ("等核查、回访、办结", frozenset({"replied", "reviewed", "visited"})),
    "done": ("办完的", frozenset(DONE - {CaseState.MERGED})),
    "merged": ("并入别的事的", frozenset({CaseState.MERGED})),
}
STATES = [
    ("", "全部"),
    *[(name, label) for name, (label, _states) in GROUPS.items()],
    ("每一步", [(state.value, state.label) for state in CaseState]),
]
PARTS = [
    ("", "全文"),
    ("title", "只在标题里"),
    ("place", "只在地点里"),
    ("body", "只在反映的话里"),
    ("answer", "只在答复里"),
]
VISITED = [("", "全部"), ("yes", "回访过"), ("no", "没回访过")]
MORE = (
    "part", "source", "unit", "since", "until", "due", "visited",
    "mine", "overdue", "reopened", "photos", "parts",
)  # fmt: skip
"""Behind “更多条件”."""


def tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


def places_matters(actor: Actor) -> bool:
    """From a district up: at whose door a matter waits that nobody has placed yet."""
    return any(path.count(".") <= DOOR_DEPTH for path in actor.paths_for(Permission.CASE_TRIAGE))


class FilterForm(forms.Form):
    """Every field narrows; what cannot be understood narrows nothing and says so."""

    use_required_attribute = False
    q = line("单号或字词", required=False)
    state = select("到哪一步", STATES, required=False)
    triage = select("大事小事", [("", "全部"), *Triage.choices], required=False)
    category = select("类别", [], required=False)
    place = line("地方", required=False)
    within = forms.CharField(required=False, widget=forms.HiddenInput)
    urgent = tick("只看紧急的")
    to_place = tick("只看待定位的")
    part = select("在哪里找这些字", PARTS, required=False)
    source = select("怎么来的", [("", "全部"), *Source.choices], required=False)
    unit = line("谁来办", required=False)
    since = DayField("收到，从", required=False)
    until = DayField("收到，到", required=False)
    due = DayField("期限不晚于", required=False)
    visited = select("回访", VISITED, required=False)
    mine = tick("在本单位手里")
    overdue = tick("超过期限的")
    reopened = tick("重新打开过的")
    photos = tick("有照片的")
    parts = tick("分单也列出来")

    def __init__(self, data: Any, *, actor: Actor, places: bool) -> None:
        super().__init__(data)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *[(str(c.pk), c.name) for c in known_categories(actor)]]
        if not places:
            del self.fields["to_place"]
        self.is_valid()

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in MORE]

    @property
    def has_more(self) -> bool:
        return any(self.said(name) or name in self.errors for name in MORE)

    @property
    def unknown(self) -> list[str]:
        """What a kept filter asked for and nobody knows any more, by label."""
        return [str(self[name].label) for name in self.errors if name in self.fields]


@dataclass(frozen=True)
class Asked:
    """The filter of one address. `choices` are the places of a name that fits several; `lost` says
    what was typed and found nowhere."""

    form: FilterForm
    wanted: Filter
    within: "Division | None"
    choices: Sequence[Found]
    lost: Sequence[str]
    kept: Mapping[str, str]

    @property
    def narrowed(self) -> bool:
        return bool(self.kept)

    @property
    def query(self) -> str:
        return urlencode(self.kept)


def kept_of(given: Mapping[str, str]) -> dict[str, str]:
    """Of an address or a form, what belongs to the filter: short texts, nothing empty."""
    names = FilterForm.base_fields
    said = {name: tidy(given.get(name)) for name in names if given.get(name)}
    return {name: words for name, words in said.items() if words}


def read_filter(actor: Actor, given: Mapping[str, str]) -> Asked:
    """Unknown values narrow nothing: the form and `lost` say so."""
    form = FilterForm(given, actor=actor, places=places_matters(actor))
    within, choices = _place(actor, form)
    units, named = _units(actor, form)
    lost = []
    if form.said("place") and not within and not choices:
        lost.append(f"没有找到地方“{form.said('place')}”")
    if form.said("within") and within is None:
        lost.append("筛选里的地方已经不在了")
    if form.said("unit") and not named:
        lost.append(f"没有找到承办单位“{form.said('unit')}”")
    if form.unknown:
        lost.append(f"“{'、'.join(form.unknown)}”里的内容现在认不出来")
    wanted = _wanted(form, within, units)
    return Asked(form, wanted, within, choices, lost, kept_of(given))


_BLANK: ReferenceMap[bool, SafeString] = ReferenceMap(
    lambda places: render_to_string(
        "work/casework/filters.html", {"form": FilterForm({}, actor=SYSTEM, places=places)}
    )
)


def blank_filter(actor: Actor) -> SafeString:
    """The form with nothing in it, as most see it: written once."""
    return _BLANK.get(places_matters(actor))


def _wanted(form: FilterForm, within: "Division | None", units: tuple[str, ...]) -> Filter:
    state = form.said("state")
    states = GROUPS[state][1] if state in GROUPS else {state} - {""}
    since = form.said("since")
    return Filter(
        states=tuple(sorted(states)),
        triage=form.said("triage"),
        category_id=number(form.said("category")),
        within=within.path if within else "",
        text=form.said("q"),
        part=form.said("part"),
        source=form.said("source"),
        units=units,
        urgent=bool(form.said("urgent")),
        to_place=bool(form.said("to_place")),
        parts=bool(form.said("parts")),
        reopened=bool(form.said("reopened")),
        photos=bool(form.said("photos")),
        visited={"yes": True, "no": False}.get(form.said("visited")),
        received_from=midnight(since) if since else None,
        received_before=ends(form.said("until") or None),
        due_before=ends(form.said("due") or None),
        overdue_at=clock.now() if form.said("overdue") else None,
    )


def _place(actor: Actor, form: FilterForm) -> "tuple[Division | None, Sequence[Found]]":
    """A place by its id, or the places of a name to choose from."""
    chosen = number(form.said("within"))
    if chosen is not None:
        try:
            return get_division(actor, division_id=chosen), ()
        except NotFound:
            return None, ()
    text = form.said("place")
    if not text:
        return None, ()
    found = find_divisions(actor, text=text, within=_area(actor), limit=PLACES_SHOWN)
    if len(found) == 1:
        return get_division(actor, division_id=found[0].id), ()
    return None, found


def _units(actor: Actor, form: FilterForm) -> tuple[tuple[str, ...], bool]:
    """The doors meant, and whether the name typed was found at all."""
    doors = []
    if form.said("mine"):
        doors = [
            f"{grant.capture}:{grant.department_id or ''}"
            for grant, _path in actor.grants_for(Permission.CASE_HANDLE)
        ]
    text, area = form.said("unit"), _area(actor)
    if not text:
        return tuple(doors), True
    named = [f"{d.area}:{d.pk}" for d in find_departments(actor, text=text, area=area)]
    places = find_divisions(actor, text=text, within=area, limit=PLACES_SHOWN)
    named += [f"{place.path}:" for place in places]
    return (*doors, *named), bool(named)


def _area(actor: Actor) -> str:
    return next(iter(actor.paths_for(Permission.CASE_VIEW)), "")


def describe(asked: Asked) -> list[tuple[str, str]]:
    """The filter in words, for whoever reads it later: label and value."""
    form, said = asked.form, []
    for name in form.fields:
        value = form.said(name)
        if not value or name in ("within", "place"):
            continue
        said.append((str(form[name].label), _in_words(form, name, value)))
    return said + ([("地方", asked.within.name)] if asked.within else [])


def _in_words(form: FilterForm, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.BooleanField):
        return "是"
    if isinstance(field, forms.ChoiceField):
        return _label(field.choices, str(value))
    return str(value)


def _label(choices: Any, value: str) -> str:
    for key, label in choices:
        if isinstance(label, list | tuple):
            if found := _label(label, value):
                return found
        elif str(key) == value:
            return str(label)
    return ""

"""登记来访来电: who, what, where, on one page."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms

from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.rules import phone_problem, tidy_phone
from yukuai.cases.actions.intake import Told
from yukuai.cases.queries import known_categories
from yukuai.cases.states import Source
from yukuai.divisions.queries import find_divisions, get_division, list_children
from yukuai.workbench.fields import FilesField, choice, line, select, words

SHOWN = 12
NO_CONTACT = "留一个手机号，好告诉他结果；他不愿留，就勾上面那一项。"
SOURCES = [(Source.PHONE.value, "来电"), (Source.COUNTER.value, "来访")]


class RegisterForm(forms.Form):
    use_required_attribute = False
    source = choice("怎么来的", SOURCES, "请选来访还是来电。")
    anonymous = forms.BooleanField(label="他不愿留姓名和电话", required=False)
    name = line("姓名或称呼", required=False)
    phone = line("手机号", required=False)
    body = words("他说了什么", "写一句话，说说是什么事。", rows=6)
    wanted = line("他想要的结果", required=False)
    division = select("在哪个社区", [], "请选一个村或社区。")
    place_text = line("具体位置", required=False)
    category = select("事项类别", [], "重新选一类，或者不选。", required=False)
    urgent = forms.BooleanField(label="紧急：有人受伤、起火、危险正在发生", required=False)
    photos = FilesField(label="照片", required=False)
    client_uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, q: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.q = actor, q
        self.needs_search = False
        places = self._places()
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = places if len(places) == 1 else [("", "选一个社区"), *places]
        category = self.fields["category"]
        assert isinstance(category, forms.ChoiceField)
        category.choices = [("", "不确定"), *[(str(c.pk), c.name) for c in known_categories(actor)]]
        self.fields["source"].initial = Source.PHONE.value
        self.fields["client_uuid"].initial = uuid4()

    def _places(self) -> Sequence[tuple[str, str]]:
        """The own community, those of the own township, or what a search found."""
        area = next(iter(self.actor.paths_for(Permission.CASE_REGISTER)), "")
        own = area.rstrip(".").rpartition(".")[2]
        if own and not self.q:
            division = get_division(self.actor, division_id=int(own))
            if division.kind == "community":
                return [(own, division.name)]
            if division.kind == "township":
                children = list_children(self.actor, parent_id=division.pk)
                return [(str(c.id), c.name) for c in children if c.kind == "community"]
        self.needs_search = True
        found = find_divisions(
            self.actor, text=self.q, kinds=["community"], within=area or None, limit=SHOWN
        )
        return [(str(hit.id), hit.place) for hit in found]

    def clean_phone(self) -> str:
        phone = tidy_phone(self.cleaned_data["phone"])
        if phone and not self.data.get("anonymous") and (problem := phone_problem(phone)):
            raise forms.ValidationError(problem)
        return phone

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        reachable = said.get("anonymous") or said.get("name") or said.get("phone")
        if not reachable and "phone" not in self.errors:
            self.add_error("phone", NO_CONTACT)
        return said

    def told(self) -> Told:
        said = self.cleaned_data
        client_uuid: UUID = said["client_uuid"]
        return Told(
            client_uuid=client_uuid,
            division_id=int(said["division"]),
            body=said["body"],
            place_text=said["place_text"],
            wanted=said["wanted"],
            category_id=int(said["category"]) if said["category"] else None,
            anonymous=said["anonymous"],
            name=said["name"],
            phone=said["phone"],
            urgent=said["urgent"],
            photos=tuple(said["photos"]),
        )

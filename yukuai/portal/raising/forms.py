from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from yukuai.accounts.rules import phone_problem, tidy_phone
from yukuai.cases.rules import BODY_LENGTH
from yukuai.portal.fields import FilesField, WordsField

if TYPE_CHECKING:
    from yukuai.cases.models import Category

PLACE_LENGTH = 120
NAME_LENGTH = 40
PHONE_LENGTH = 40
NAMED, UNNAMED = "named", "unnamed"
CONTACT = [
    (
        NAMED,
        "留姓名和电话\n您能看到每一步进展。电话只给承办人，每看一次都有记录，被反映的一方看不到。",
    ),
    (UNNAMED, "不留姓名\n同样会办。凭回执上的单号和查询码看进展。"),
]


class WhatForm(forms.Form):
    """Step 1: what happened."""

    body = WordsField(
        label="发生了什么",
        most=BODY_LENGTH,
        error_messages={"required": "写一句话，说说是什么事。"},
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    photos = FilesField(label="照片", required=False)
    category = forms.TypedChoiceField(
        label="像是哪一类？",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "这一类已经停用，请另选一类，或者不选。"},
    )

    def __init__(self, *args: Any, categories: "Iterable[Category]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["category"]
        chosen.choices = [(c.pk, c.plain_name) for c in categories]


class WhereForm(forms.Form):
    """Step 2: where, and how to reach the person. The community stands beside it."""

    place_text = WordsField(
        label="具体在哪里",
        most=PLACE_LENGTH,
        required=False,
        help_text="门牌、楼栋、路口都行，例如“人和街 41 号 2 单元，3–5 楼”。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.ChoiceField(
        label="怎么联系您？",
        choices=CONTACT,
        widget=forms.RadioSelect,
        error_messages={
            "required": "选一个：留姓名和电话，还是不留姓名。",
            "invalid_choice": "选一个：留姓名和电话，还是不留姓名。",
        },
    )
    name = WordsField(
        label="怎么称呼您",
        most=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = WordsField(
        label="联系电话",
        most=PHONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "class": "num"}),
    )

    def __init__(self, *args: Any, phone_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.phone_known = phone_known
        if phone_known:
            del self.fields["phone"]

    def clean(self) -> dict[str, Any]:
        """The telephone is asked for only where somebody wants to be reached."""
        told = super().clean() or {}
        if "phone" in told:
            told["phone"] = tidy_phone(told["phone"])
            problem = phone_problem(told["phone"])
            if told.get("contact") == NAMED and problem:
                no_phone = "请填手机号，或者选“不留姓名”。"
                self.add_error("phone", problem if told["phone"] else no_phone)
        return told


class OfflineForm(WhereForm):
    """Everything on one page, for a phone without a network: no lists, no steps."""

    body = WordsField(
        label="发生了什么",
        most=BODY_LENGTH,
        error_messages={"required": "写一句话，说说是什么事。"},
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
    photos = FilesField(label="照片", required=False)
    community = WordsField(
        label="哪个村或社区",
        most=PLACE_LENGTH,
        required=False,
        help_text="不填就用您在这台手机上选过的社区。名字常有重复，最好带上街道。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("body", "photos", "community", "place_text", "contact", "name", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, phone_known=False, **kwargs)

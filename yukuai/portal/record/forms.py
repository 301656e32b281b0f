"""Who one is; what is wrong in one's record."""

from typing import Any

from django import forms

from yukuai.portal.fields import WordsField
from yukuai.registry.catalogue import Field, Sort
from yukuai.registry.codes import labels_of


class ProveForm(forms.Form):
    name = WordsField(
        label="姓名",
        most=40,
        error_messages={"required": "请填姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = WordsField(
        label="证件号码",
        most=30,
        error_messages={"required": "请填证件号码。"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="只用来核对，不会另外存下来。",
    )


class WrongForm(forms.Form):
    """What it should be, as the field takes it."""

    value = forms.Field()
    why = WordsField(
        label="怎么回事",
        most=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例：上个月换了单位。",
    )

    def __init__(self, *args: Any, field: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _control(field)


def _control(field: Field) -> forms.Field:
    said = {"required": "请填正确的内容。", "invalid_choice": "请选一个。"}
    label = f"{field.label}应该是"
    if field.sort is Sort.CODE:
        options = [("", "请选一个"), *labels_of(field.codes).items()]
        return forms.ChoiceField(label=label, choices=options, error_messages=said)
    typed = WordsField(label=label, most=max(field.limit, 40), error_messages=said)
    if field.sort is Sort.DATE:
        typed.widget = forms.DateInput(attrs={"type": "date"})
    if field.sort is Sort.PHONE:
        typed.widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}
    return typed

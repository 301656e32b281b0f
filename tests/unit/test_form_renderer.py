"""Fields are written as Django's own templates write them, sign for sign but for blank lines."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from yukuai.kernel.forms import Renderer

GROUPED = [("", "全部"), ("甲 & 乙", [("1", "一<b>"), (2, "二")]), ("'x'", '"y"')]
FIELDS = {
    "choice": forms.ChoiceField(choices=GROUPED),
    "several": forms.MultipleChoiceField(
        choices=GROUPED, widget=forms.SelectMultiple(attrs={"size": 3})
    ),
    "text": forms.CharField(max_length=9, widget=forms.TextInput(attrs={"data-x": '<"&>'})),
    "number": forms.IntegerField(min_value=1),
    "mail": forms.EmailField(required=False),
    "day": forms.DateField(widget=forms.DateInput(attrs={"type": "date"})),
    "tick": forms.BooleanField(required=False),
    "secret": forms.CharField(widget=forms.PasswordInput),
    "hidden": forms.CharField(widget=forms.HiddenInput),
    "words": forms.CharField(widget=forms.Textarea, disabled=True),
}
GIVEN = [
    {},
    {"choice": "2", "several": ["1", "'x'"], "text": "<i>&\"'", "number": "x", "tick": "on"},
    {"choice": "无", "day": "2026-03-02", "mail": "a@b", "hidden": "0", "words": "</textarea>"},
]


def written(renderer: object, given: dict[str, object]) -> list[str]:
    form = type("Form", (forms.Form,), dict(FIELDS))(given or None, renderer=renderer)
    shown = [bound.as_widget(attrs={"aria-invalid": "true", "off": False}) for bound in form]
    return [re.sub(r"\s*\n\s*", "\n", one).strip() for one in shown]


@pytest.mark.parametrize("given", GIVEN)
def test_a_field_is_written_as_django_writes_it(given: dict[str, object]):
    ours, theirs = written(Renderer(), given), written(DjangoTemplates(), given)
    assert len(ours) == len(FIELDS)
    assert ours == theirs

"""Form fields of the workbench: what was typed is tidied, never lost."""

from collections.abc import Iterable
from typing import Any

from django import forms

from yukuai.kernel.errors import InvalidInput

CHOOSE = "选一个。"


def tidy(typed: object, *, most: int = 60) -> str:
    """What was typed into an address, fit for a query."""
    return str(typed or "").replace("\x00", "").strip()[:most]


def number(typed: str) -> int | None:
    """An id out of a form, or None: nothing that a database column could not hold."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


class WordsField(forms.CharField):
    """Plain words: the NUL sign goes, line ends are one kind. How long they may be is judged by
    the action, which says so in numbers; the browser is told no `maxlength`, for it would cut off
    what somebody pastes without a word."""

    def to_python(self, value: Any) -> str:
        text = str(value or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
        return str(super().to_python(text))


def words(
    label: str, sentence: str = "", *, rows: int = 4, required: bool = True, help: str = ""
) -> WordsField:
    """A text of several lines; `sentence` is what is said when it is missing."""
    return WordsField(
        label=label,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": sentence},
        help_text=help,
    )


def line(label: str, sentence: str = "", *, required: bool = True, help: str = "") -> WordsField:
    return WordsField(
        label=label, required=required, error_messages={"required": sentence}, help_text=help
    )


def choice(
    label: str, choices: Iterable[Any], sentence: str = CHOOSE, *, required: bool = True
) -> forms.ChoiceField:
    """Radio buttons. A choice's second line, after a line break in its label, is said smaller."""
    said = {"required": sentence, "invalid_choice": sentence}
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.RadioSelect,
        required=required,
        error_messages=said,
    )


def select(
    label: str, choices: Iterable[Any], sentence: str = CHOOSE, *, required: bool = True
) -> forms.ChoiceField:
    said = {"required": sentence, "invalid_choice": sentence}
    return forms.ChoiceField(
        label=label, choices=list(choices), required=required, error_messages=said
    )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one field; what is in them is judged by whoever stores them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data]
        return [one for one in chosen if one]


def tell(form: forms.Form, error: InvalidInput) -> None:
    """The rule's sentence goes to the field it names; otherwise above the form."""
    known = {field: said for field, said in error.fields.items() if field in form.fields}
    for field, said in known.items():
        form.add_error(field, said)
    if not known:
        form.add_error(None, error.message)

"""Form fields of the residents' pages: what was typed is tidied, never lost."""

from collections.abc import Sequence
from typing import Any

from django import forms


def plain_words(typed: Any) -> str:
    """What somebody typed as the database can hold it; nothing else of it is changed."""
    return str(typed or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


class WordsField(forms.CharField):
    """Plain words: the NUL sign goes, line ends are one kind, a text too long is said in numbers.

    The browser is told no `maxlength`: it would cut off what somebody pastes without a word.
    """

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(plain_words(value)))

    def bound_data(self, data: Any, initial: Any) -> str:
        return plain_words(data)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(
                f"写得太长了，最多 {self.most} 字，现在 {len(value)} 字。请删掉一些。"
            )


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one field; what is in them is judged by whoever stores them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [one for one in chosen if one]

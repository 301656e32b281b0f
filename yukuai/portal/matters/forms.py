import re
import unicodedata
from typing import Any

from django import forms

from yukuai.cases.actions.closing import REASONS, WORDS_LENGTH, Answers
from yukuai.cases.states import Solved
from yukuai.kernel.ids import tidy_code
from yukuai.portal.fields import WordsField, plain_words

_NUMBER = re.compile("ZT([0-9]{4})([0-9]{1,12})")
YES_NO = [("yes", "有"), ("no", "没有")]
SATISFIED = [("yes", "满意"), ("no", "不满意")]


class RateForm(forms.Form):
    """The three questions. What is wrong or missing is said by the action itself."""

    contacted = forms.CharField(
        label="有人联系过您吗？", required=False, widget=forms.RadioSelect(choices=YES_NO)
    )
    solved = forms.CharField(
        label="事情解决了吗？", required=False, widget=forms.RadioSelect(choices=Solved.choices)
    )
    satisfied = forms.CharField(
        label="您满意吗？", required=False, widget=forms.RadioSelect(choices=SATISFIED)
    )
    reasons = forms.MultipleChoiceField(
        label="哪里还没好？",
        required=False,
        choices=list(REASONS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "没有这一项，请重新选。"},
    )
    words = WordsField(
        label="想补充的话",
        most=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def answers(self) -> Answers:
        told: dict[str, Any] = self.cleaned_data
        yes_no = {"yes": True, "no": False}
        return Answers(
            contacted=yes_no.get(told["contacted"]),
            solved=told["solved"],
            satisfied=yes_no.get(told["satisfied"]),
            reasons=tuple(told["reasons"]),
            words=told["words"],
        )


class FollowForm(forms.Form):
    """Number and code of a receipt, as people copy them: with blanks, dashes, small letters."""

    number = WordsField(
        label="单号",
        most=40,
        error_messages={"required": "填回执上的单号，例如 ZT-2611-004182。"},
        widget=forms.TextInput(
            attrs={
                "class": "num",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    code = WordsField(
        label="查询码",
        most=40,
        error_messages={"required": "填回执上的 6 位查询码。"},
        widget=forms.TextInput(
            attrs={
                "class": "num",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def clean_number(self) -> str:
        return tidy_number(self.cleaned_data["number"])

    def clean_code(self) -> str:
        return tidy_code(self.cleaned_data["code"])


def tidy_number(typed: str) -> str:
    """ZT-2611-004182 however it was typed: blanks, no dashes, small or full-width letters."""
    plain = "".join(unicodedata.normalize("NFKC", plain_words(typed)).split()).upper()
    signs = re.sub("[-–—]", "", plain)
    found = _NUMBER.fullmatch(signs)
    return f"ZT-{found[1]}-{found[2]}" if found else plain


def find_number(typed: str) -> str:
    """The number, if it is one; otherwise ''."""
    number = tidy_number(typed)
    return number if _NUMBER.fullmatch(number.replace("-", "")) else ""

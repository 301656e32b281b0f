from django import forms

from yukuai.portal.fields import WordsField


class NameForm(forms.Form):
    name = WordsField(
        label="您的姓名",
        most=40,
        error_messages={"required": "请填姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from yukuai.accounts.signin.passwords import RULE


class PasswordSignInForm(forms.Form):
    username = forms.CharField(
        label="工号",
        max_length=60,
        error_messages={"required": "请填工号。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请填密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SecondFactorForm(forms.Form):
    code = forms.CharField(
        label="动态口令",
        max_length=40,
        error_messages={"required": "请填手机上的 6 位数字。"},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "otp"}
        ),
    )


class NewPasswordForm(forms.Form):
    """Twice, because nobody sees what he types; then against the rule."""

    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        help_text=RULE,
        error_messages={"required": "请填新密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请把新密码再输一遍。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new(self) -> str:
        password: str = self.cleaned_data["new"]
        validate_password(password, self.user)
        if self.user.has_usable_password() and self.user.check_password(password):
            raise forms.ValidationError("和原来的密码一样。请换一个。")
        return password

    def clean(self) -> dict[str, Any]:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", "两遍不一样。请再输一遍。")
        return self.cleaned_data


class ChangePasswordForm(NewPasswordForm):
    current = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        error_messages={"required": "请填现在的密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "new", "again"]

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError("现在的密码不对。")
        return str(self.cleaned_data["current"])

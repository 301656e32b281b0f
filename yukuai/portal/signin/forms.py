from django import forms

from yukuai.accounts.rules import code_problem, phone_problem, tidy_digits, tidy_phone


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="手机号",
        required=False,
        max_length=40,
        strip=True,
        widget=forms.TextInput(
            attrs={"inputmode": "tel", "autocomplete": "tel", "class": "num", "maxlength": None}
        ),
    )

    def clean_phone(self) -> str:
        phone = tidy_phone(self.cleaned_data["phone"])
        if problem := phone_problem(phone):
            raise forms.ValidationError(problem)
        return phone


class CodeForm(forms.Form):
    code = forms.CharField(
        label="短信里的 6 位数字",
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "otp",
                "maxlength": None,
            }
        ),
    )

    def clean_code(self) -> str:
        code = tidy_digits(self.cleaned_data["code"])
        if problem := code_problem(code):
            raise forms.ValidationError(problem)
        return code

from django import forms

from yukuai.documents.paper import CODE_LENGTH
from yukuai.kernel.ids import ALPHABET, tidy_code


class VerifyForm(forms.Form):
    """The code as it stands beside the QR code on the paper."""

    code = forms.CharField(
        label="核验码",
        max_length=40,
        help_text="在文书左下角，二维码旁边，12 位字母和数字。横线和空格可以不输。",
        error_messages={
            "required": "请输入文书左下角的 12 位核验码。",
            "max_length": "核验码只有 12 位，您输入的太长了。",
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = tidy_code(self.cleaned_data["code"])
        if strange := sorted(set(code) - set(ALPHABET)):
            raise forms.ValidationError(
                f"核验码里没有“{'、'.join(strange)}”，也不用 0、1、I、L、O。请对着纸再看一遍。"
            )
        if len(code) < CODE_LENGTH:
            raise forms.ValidationError(f"还差 {CODE_LENGTH - len(code)} 位。核验码是 12 位。")
        if len(code) > CODE_LENGTH:
            raise forms.ValidationError(f"多了 {len(code) - CODE_LENGTH} 位。核验码是 12 位。")
        return code

"""送外部系统: which one, and why."""

from datetime import datetime

from django import forms

from yukuai.exchange.actions.sending import send_outside
from yukuai.exchange.queries.systems import list_reaching
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import select, words


class SendOutsideForm(DeedForm):
    system = select("送到哪个系统", [], "选一个系统。")
    reason = words(
        "为什么送", "写明为什么送。", rows=3, help="只送事情本身，不送姓名和电话。这边的期限照走。"
    )

    def prepare(self) -> None:
        field = self.fields["system"]
        assert isinstance(field, forms.ChoiceField)
        found = list_reaching(self.actor, area=self.case.area)
        field.choices = [("", "选一个系统"), *((str(one.pk), one.name) for one in found)]

    def act(self, *, at: datetime) -> object:
        return send_outside(
            self.actor,
            case_id=self.case.pk,
            system_id=int(self.cleaned_data["system"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )

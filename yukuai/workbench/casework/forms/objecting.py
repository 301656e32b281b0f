"""派单异议: the unit's grounds, and the ruling of the level above."""

from datetime import datetime

from yukuai.cases import actions
from yukuai.cases.targets import parse_key
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import line, words


class ObjectForm(DeedForm):
    reason = words(
        "异议的依据",
        "写明依据：为什么不归您单位，该归谁。",
        help="写清哪条职责、该归哪家。裁决以后就定了，这一轮不再退单。",
    )

    def act(self, *, at: datetime) -> object:
        return actions.object_to_dispatch(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class UpholdForm(DeedForm):
    grounds = words("裁决的依据", "写明裁决的依据。", help="提异议的单位会看到。")

    def act(self, *, at: datetime) -> object:
        return actions.rule_on_objection(
            self.actor, case_id=self.case.pk, grounds=self.cleaned_data["grounds"], at=at
        )


class RedirectForm(DeedForm):
    """The unit is chosen in the tree beside it (`dispatching`)."""

    unit = line("改派给谁", "选一个单位。")
    grounds = words("裁决的依据", "写明裁决的依据。", rows=3, help="两家单位都会看到。")

    def act(self, *, at: datetime) -> object:
        unit_id, department_id = parse_key(self.cleaned_data["unit"])
        return actions.rule_on_objection(
            self.actor,
            case_id=self.case.pk,
            unit_id=unit_id,
            department_id=department_id,
            grounds=self.cleaned_data["grounds"],
            at=at,
        )

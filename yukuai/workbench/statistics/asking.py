"""What the address of the statistics says, and what it means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from yukuai.accounts.policy import Actor
from yukuai.cases.breakdowns import AREAS, CATEGORIES, TIME
from yukuai.cases.queries import known_categories
from yukuai.kernel.clock import today
from yukuai.oversight.periods import LONGEST, Window, window, window_between
from yukuai.workbench.admin.asking import DayField
from yukuai.workbench.fields import number, select, tidy

ROWS = ((AREAS, "按地方"), (CATEGORIES, "按类别"), (TIME, "按时间"))
STEPS = (("", "自动"), ("day", "每天"), ("week", "每周"), ("month", "每月"))
FUTURE = "结束的日子不能晚于今天。"


class AskForm(forms.Form):
    use_required_attribute = False
    since = DayField("从", required=False)
    until = DayField("到", required=False)
    category = select("类别", [], required=False)
    step = select("时间分段", STEPS, required=False)

    def __init__(self, data: Any, *, actor: Actor, at: datetime) -> None:
        super().__init__(data)
        self.day = today(at)
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "全部"), *[(str(c.pk), c.name) for c in known_categories(actor)]]
        self.is_valid()

    def clean(self) -> None:
        """Both days or none; not too many, and none that is still to come."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if until and until > self.day:
            self.add_error("until", FUTURE)
        elif until and not since and "since" not in self.errors:
            self.add_error("since", "请填从哪一天起。")
        elif since and since > (until or self.day):
            self.add_error("since", "开始的日子要在结束的日子之前。")
        elif since and ((until or self.day) - since).days >= LONGEST:
            self.add_error("since", f"一次最多看 {LONGEST} 天，请改近一点。")


@dataclass(frozen=True)
class Asked:
    form: AskForm
    window: Window
    by: str
    step: str
    category_id: int | None
    kept: dict[str, str]
    """What the address carries on, without what could not be understood."""


def read_asked(actor: Actor, given: Any, *, at: datetime) -> Asked:
    form = AskForm(given, actor=actor, at=at)
    good = form.cleaned_data
    by = tidy(given.get("by"))
    since = None if form.errors else good.get("since")
    if since:
        chosen = window_between(since, good.get("until") or today(at))
    else:
        chosen = window(tidy(given.get("period")) or "month", at)
    category_id = number(good.get("category") or "")
    kept = {
        "period": chosen.name,
        "since": str(chosen.first) if since else "",
        "until": str(chosen.last) if since else "",
        "by": by if by in dict(ROWS) else "",
        "step": good.get("step") or "",
        "category": str(category_id or ""),
    }
    return Asked(
        form=form,
        window=chosen,
        by=by,
        step=good.get("step") or "",
        category_id=category_id,
        kept={name: said for name, said in kept.items() if said},
    )

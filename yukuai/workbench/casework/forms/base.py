"""What the form of every move shares: it parses what was typed and calls one action. What may and
what may not be is said by the action; its sentence comes back to the field it names."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from yukuai.accounts.policy import Actor
from yukuai.workbench.fields import FilesField

if TYPE_CHECKING:
    from yukuai.cases.models import Case


class DeedForm(forms.Form):
    """The fields of one move. `act` makes it."""

    use_required_attribute = False
    layouts: dict[str, str] = {}
    """How radio buttons lie: row or picks, by field."""

    def __init__(self, *args: Any, actor: Actor, case: "Case", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.case = actor, case
        self.prepare()

    def prepare(self) -> None:
        """Choices and prefilled words; a step of a reading."""

    def propose(self, **values: object) -> None:
        for name, value in values.items():
            self.fields[name].initial = value

    def rows(self) -> list[dict[str, Any]]:
        """The fields as parts/field.html takes them, in their order."""
        return [
            {
                "bound": bound,
                "is_photos": isinstance(bound.field, FilesField),
                "layout": self.layouts.get(bound.name, ""),
            }
            for bound in self.visible_fields()
        ]

    def act(self, *, at: datetime) -> object:
        raise NotImplementedError

    def typed(self) -> list[tuple[str, str]]:
        """What was written by hand, to be kept when the form itself is of no use any more."""
        texts = (b for b in self.visible_fields() if isinstance(b.field.widget, forms.Textarea))
        return [(str(b.label), str(b.value())) for b in texts if b.value()]

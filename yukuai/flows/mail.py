"""What is said about matters in one transaction, collected before it is sent: a hundred letters
cost what one does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.flows.doors import Doors
from yukuai.messaging.actions import Letter, Text, post_letters, queue_texts


@dataclass
class Mail:
    actor: Actor
    at: datetime
    letters: list[Letter] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    @cached_property
    def doors(self) -> Doors:
        """To whom it goes."""
        return Doors(self.actor, self.at)

    def write(
        self,
        case: Any,
        users: Iterable[int],
        template: str,
        values: Mapping[str, object],
        once: str,
        link: str,
    ) -> None:
        """Into the inboxes of these users."""
        self.letters.append(Letter(users, template, values, once, link, "case", case.pk))

    def tell_staff(
        self,
        case: Any,
        users: Iterable[int],
        template: str,
        values: Mapping[str, object],
        once: str,
    ) -> None:
        self.write(case, users, template, values, once, f"/work/cases/{case.number}/")

    def send(self) -> None:
        """A step."""
        if self.letters:
            post_letters(self.actor, self.letters, at=self.at)
        if self.texts:
            queue_texts(self.actor, self.texts, at=self.at)

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.learned import find_active_model, get_model, unpack
from yukuai.cases.lessons import Figures, figures_of, list_lessons, word_figures, word_rules
from yukuai.engines.triage.texts import JUDGE
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import scope


class Command(BaseCommand):
    help = "在没学过的办完的事上，量一版分流建议和词表建议各有多准。每行一条 JSON，单位千分之一。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--model", type=int, help="第几版；不写就是在用的一版")

    def handle(self, *, model: int | None, **_options: Any) -> None:
        with scope(SYSTEM.areas):
            try:
                row = get_model(SYSTEM, version=model) if model else find_active_model(SYSTEM)
            except NotFound as error:
                raise CommandError(error.message) from error
            judged = [one for one in list_lessons(SYSTEM) if one.part == JUDGE]
            rules = word_rules(SYSTEM)
        if row is not None:
            self._print(f"learned {row.version}", figures_of(unpack(row), judged))
        self._print("words", word_figures(rules, judged))

    def _print(self, who: str, figures: Figures) -> None:
        for head, found in figures.items():
            labels = found.pop("labels")
            self._line({"by": who, "head": head, **found})
            for label, row in labels.items():
                self._line({"by": who, "head": head, "label": label, **row})

    def _line(self, said: Figures) -> None:
        self.stdout.write(json.dumps(said, ensure_ascii=False))

import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import load_catalogue
from yukuai.kernel import clock


class Command(BaseCommand):
    help = "Load categories and urgent words from seed/; what is there already is left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = load_catalogue(
            SYSTEM,
            categories=_rows("categories.csv"),
            words=_rows("urgent_words.csv"),
            questions=_rows("category_questions.csv"),
            at=clock.now(),
        )
        self.stdout.write(f"事项类别和紧急词：新增 {added} 项")


def _rows(name: str) -> list[dict[str, str]]:
    with (settings.SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

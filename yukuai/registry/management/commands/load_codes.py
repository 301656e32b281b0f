import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.registry.actions import load_codes


class Command(BaseCommand):
    help = "Load the code sets of the register from seed/; what is there already is left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = load_codes(
            SYSTEM,
            sets=self._rows("codesets"),
            codes=self._rows("codes"),
            sources=self._rows("sources"),
            synonyms=self._rows("synonyms"),
            at=clock.now(),
        )
        self.stdout.write(f"代码集：新增 {added} 项")

    def _rows(self, name: str) -> list[dict[str, str]]:
        path = settings.SEED / "registry" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

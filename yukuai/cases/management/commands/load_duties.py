import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import load_duties
from yukuai.kernel import clock


class Command(BaseCommand):
    help = "Load the city's duty list from seed/; divisions and categories first. Idempotent."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with (settings.SEED / "duties.csv").open(encoding="utf-8", newline="") as file:
            added = load_duties(SYSTEM, rows=list(csv.DictReader(file)), at=clock.now())
        self.stdout.write(f"职责清单：新增 {added} 条")

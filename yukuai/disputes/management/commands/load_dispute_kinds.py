import csv
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from yukuai.accounts.policy import SYSTEM
from yukuai.disputes.actions import load_kinds
from yukuai.kernel import clock


class Command(BaseCommand):
    help = "Load the kinds of disputes from seed/; what is there already is left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with (settings.SEED / "dispute_kinds.csv").open(encoding="utf-8", newline="") as file:
            added = load_kinds(SYSTEM, rows=list(csv.DictReader(file)), at=clock.now())
        self.stdout.write(f"纠纷类型：新增 {added} 项")

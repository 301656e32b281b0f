from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.environment import BASE
from yukuai.accounts.departments import load_departments, read_patterns
from yukuai.kernel.scope import EVERYWHERE, scope


class Command(BaseCommand):
    help = "装入各级部门的默认清单；已有的不动，可以反复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=BASE / "seed/departments.csv")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            patterns = read_patterns(file)
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"部门清单读不了：{error}") from None
        with scope(EVERYWHERE):
            made = load_departments(patterns)
        self.stdout.write(f"部门：新建 {made} 个。")

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from config.environment import BASE
from yukuai.flows.reference import make_pages


class Command(BaseCommand):
    help = "Write docs/reference from the code and the data it ships."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--into", type=Path, default=BASE / "docs" / "reference", help="the folder"
        )

    def handle(self, *_args: object, into: Path, **_options: object) -> None:
        into.mkdir(parents=True, exist_ok=True)
        for name, content in make_pages(rule_packs=BASE / "seed" / "rulepacks").items():
            (into / name).write_text(content, encoding="utf-8")
            self.stdout.write(f"{name}")

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.environment import BASE
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel.errors import DomainError
from yukuai.workflow.loading import load_rule_packs, read_rule_pack


class Command(BaseCommand):
    help = "Load the rule packs (TOML). A version that is already loaded is never rewritten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = BASE / "seed" / "rulepacks"
        parser.add_argument("path", nargs="?", type=Path, default=default, help="folder or file")

    def handle(self, *_args: object, path: Path, **_options: object) -> None:
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        try:
            done = load_rule_packs(SYSTEM, packs=[read_rule_pack(file) for file in files])
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"rule packs: {done.new} new, {done.changed} ended, {done.same} same")

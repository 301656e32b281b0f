from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.environment import BASE
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel.errors import DomainError
from yukuai.workflow.loading import load_special_days, read_special_days


class Command(BaseCommand):
    help = "Load the working-day calendar: days that differ from the plain week. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = BASE / "seed" / "special_days.csv"
        parser.add_argument("path", nargs="?", type=Path, default=default)

    def handle(self, *_args: object, path: Path, **_options: object) -> None:
        try:
            done = load_special_days(SYSTEM, days=read_special_days(path))
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"calendar: {done.new} new, {done.changed} changed, {done.same} same")

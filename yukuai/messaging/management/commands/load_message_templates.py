from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.environment import BASE
from yukuai.accounts.policy import SYSTEM
from yukuai.kernel.errors import DomainError
from yukuai.messaging.templates import load_templates, read_templates


class Command(BaseCommand):
    help = "Load the words of messages. Safe to repeat; edited templates stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = BASE / "seed" / "message_templates.csv"
        parser.add_argument("path", nargs="?", type=Path, default=default)

    def handle(self, *_args: object, path: Path, **_options: object) -> None:
        try:
            done = load_templates(SYSTEM, templates=read_templates(path))
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"message templates: {done.new} new, {done.changed} changed, {done.same} same"
        )

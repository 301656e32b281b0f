from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yukuai.divisions.operator import Operator
from yukuai.divisions.queries import resolve_code
from yukuai.divisions.seeding import seed_lines
from yukuai.engines.sketch import Unsketchable
from yukuai.kernel.clock import now
from yukuai.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Put illustrative lines (示意) in effect where none are drawn. Again: changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--within",
            metavar="CODE",
            help="a district: only its townships and communities, below the lines of all districts",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        actor, code = Operator(), options["within"]
        try:
            within = resolve_code(actor, code=code).division if code else None
            seeded = seed_lines(actor, within=within, at=now())
        except (DomainError, Unsketchable) as error:
            raise CommandError(str(error)) from error
        told = f"界线（示意）：新画 {seeded.lines} 条"
        if seeded.source:
            told += f"，来源：{seeded.source}"
        if seeded.review_number:
            told += f"，审图号 {seeded.review_number}"
        self.stdout.write(told)
        for sentence in seeded.refused:
            self.stderr.write(sentence)

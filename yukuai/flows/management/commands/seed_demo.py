from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from yukuai.accounts.demo import seed_people
from yukuai.flows.demo import seed_matters
from yukuai.flows.demo_candidates import seed_candidates
from yukuai.flows.demo_disputes import seed_disputes, seed_mediators
from yukuai.flows.demo_election import seed_election
from yukuai.flows.demo_register import seed_register
from yukuai.flows.demo_roster import seed_roster
from yukuai.kernel import clock
from yukuai.kernel.errors import NotPermitted

LOADS = (
    "load_departments",
    "load_calendar",
    "load_rulepacks",
    "load_message_templates",
    "load_categories",
    "load_duties",
    "load_dispute_kinds",
    "load_codes",
)


class Command(BaseCommand):
    help = "Load the dictionaries and fill the demo. Running it again changes nothing."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--without-matters", action="store_true")
        parser.add_argument("--without-sample", action="store_true", help="没有示例街道")

    def handle(self, *_args: Any, **options: Any) -> None:
        for command in LOADS:
            call_command(command, stdout=self.stdout)
        at = clock.now()
        try:
            people = seed_people(at)
        except NotPermitted as error:
            raise CommandError(error.message) from None
        seed_mediators(people, at)
        if not options["without_matters"]:
            call_command("seed_lines", stdout=self.stdout, stderr=self.stderr)
            if not options["without_sample"]:
                call_command("seed_sample", stdout=self.stdout)
        new = 0 if options["without_matters"] else seed_matters(people, at)
        quarrels = 0 if options["without_matters"] else seed_disputes(people, at)
        if not options["without_matters"]:
            seed_roster(at)
        kept = 0 if options["without_matters"] else seed_register(people, at)
        sampled = not (options["without_matters"] or options["without_sample"])
        voters = seed_election(at) + seed_candidates(at) if sampled else 0
        self.stdout.write(
            f"演示：{len(people)} 人，新增诉求 {new} 件、纠纷 {quarrels} 件、"
            f"登记 {kept} 人、选民 {voters} 人"
        )

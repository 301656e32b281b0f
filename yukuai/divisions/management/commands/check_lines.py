from django.core.management.base import BaseCommand, CommandError

from yukuai.divisions.checking import check_lines
from yukuai.divisions.operator import Operator


class Command(BaseCommand):
    help = "Check that all lines in effect tile, on every level; says what does not, exit code 1."

    def handle(self, *_args: object, **_options: object) -> None:
        checked = check_lines(Operator())
        for fault in checked.faults:
            self.stderr.write(fault)
        told = f"界线 {checked.lines} 条，{checked.layers} 组同级"
        if checked.faults:
            raise CommandError(f"{told}，{len(checked.faults)} 处不对。")
        self.stdout.write(f"{told}，都严丝合缝。")

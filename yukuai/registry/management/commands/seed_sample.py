from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from yukuai.accounts.policy import SYSTEM
from yukuai.kernel import clock
from yukuai.registry.samples.township import BUILDINGS
from yukuai.registry.seeding import TOWNSHIP, seed_sample


class Command(BaseCommand):
    help = "装入一个示例乡镇（街道）：从小区到房间，约三万合成居民，单位和设施。再运行不会重复。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--township", default=TOWNSHIP, help="九位代码")
        parser.add_argument("--communities", type=int, help="只装前几个社区")
        parser.add_argument("--buildings", type=int, default=BUILDINGS, help="每个社区几栋楼")

    def handle(self, *_args: Any, **options: Any) -> None:
        call_command("load_codes", stdout=self.stdout)
        wanted = {name: options[name] for name in ("township", "communities", "buildings")}
        filled = seed_sample(SYSTEM, at=clock.now(), **wanted)
        self.stdout.write(f"示例：{len(filled)} 个社区，新增 {sum(filled.values())} 人")

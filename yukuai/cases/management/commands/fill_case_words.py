from typing import Any

from django.core.management.base import BaseCommand

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions.filling import fill_name_hashes, fill_words
from yukuai.kernel import clock


class Command(BaseCommand):
    help = "补上全文检索的字词，旧数据用。可以随时中断，再运行就接着补。后台任务也会自己补。"

    def handle(self, *args: Any, **options: Any) -> None:
        for fill, said in ((fill_words, "件诉求的字词"), (fill_name_hashes, "个联系人的姓名摘要")):
            filled = 0
            while count := fill(SYSTEM, at=clock.now()):
                filled += count
            self.stdout.write(f"补了 {filled} {said}。")

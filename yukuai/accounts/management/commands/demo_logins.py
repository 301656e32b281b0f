from typing import Any

from django.core.management.base import BaseCommand, CommandError

from yukuai.accounts.demo import demo_logins
from yukuai.kernel import clock
from yukuai.kernel.errors import NotPermitted


class Command(BaseCommand):
    help = "列出演示账户。只在演示模式下有。"

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            staff, residents = demo_logins(clock.now())
        except NotPermitted as error:
            raise CommandError(error.message) from None
        self.stdout.write("工作台 /work/signin/（动态口令在 /dev/logins/ 看）")
        for login in staff:
            who = f"{login.role}：{login.name}，{login.place}"
            self.stdout.write(f"  {login.username:<6}{login.password:<13}{who}")
        self.stdout.write("民政易 /signin/（短信里的数字在 /dev/messages/ 看）")
        for person in residents:
            self.stdout.write(f"  {person.phone}  {person.name}".rstrip())

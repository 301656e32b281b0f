from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yukuai.accounts.actions import appoint, create_staff
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.queries import list_posts
from yukuai.accounts.roles import Role
from yukuai.divisions.queries import list_children
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError


class Command(BaseCommand):
    help = "建第一个安全管理员，由他任命其余的人。已经有在任的安全管理员时不建。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="工号，例如 aq01")
        parser.add_argument("name", help="姓名")

    def handle(self, *_args: Any, username: str, name: str, **_options: Any) -> None:
        at = clock.now()
        if list_posts(SYSTEM, role=Role.SEC_ADMIN, at=at).exists():
            raise CommandError("已经有安全管理员了，请他在工作台里任命。")
        city = next(iter(list_children(SYSTEM)), None)
        if city is None:
            raise CommandError("还没有区划。请先运行 load_divisions。")
        try:
            user, password = create_staff(SYSTEM, username=username, display_name=name, at=at)
            appoint(
                SYSTEM,
                user_id=user.pk,
                role=Role.SEC_ADMIN,
                division_id=city.id,
                title="安全管理员",
                valid_from=at,
                reason="系统启用",
                at=at,
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{city.name}安全管理员 {username} 的初始密码：{password}")
        self.stdout.write("只显示这一次。第一次登录要改密码，并设动态口令。")

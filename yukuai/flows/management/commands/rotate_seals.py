"""After a new YUKUAI_SEAL_KEY: everything that lies sealed with a former one is sealed anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yukuai.accounts.signin.resealing import reseal_second_factors
from yukuai.documents.resealing import reseal_papers
from yukuai.kernel import rotation


class Command(BaseCommand):
    help = (
        "换密钥后，把旧密钥封的内容都用新密钥重新封好。可以随时中断，再运行就接着做。"
        " (Seal anew with the key in use; may be interrupted. Exit code 1: something is left.)"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只看还剩多少，不改 · only look")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        if not check:
            self._reseal()
        left = [
            found for one in rotation.list_sealed() if (found := rotation.find_left(one)).former
        ]
        for one in left:
            self.stdout.write(f"{one.table}：还剩 {one.former} 处，其中 {one.broken} 处打不开。")
        if left:
            raise CommandError("还有内容用旧密钥封着。旧密钥先不要删。(Keep the former key.)")
        self.stdout.write("数据库里的内容都用现在的密钥封好了。(Nothing is left.)")

    def _reseal(self) -> None:
        for one in rotation.list_sealed():
            done, after = rotation.reseal(one, after=0)
            while after:
                more, after = rotation.reseal(one, after=after)
                done += more
            self.stdout.write(f"{one.table}：重新封了 {done} 处。")
        factors, broken = reseal_second_factors()
        papers, unread = reseal_papers()
        self.stdout.write(f"第二重验证 {factors} 个，封存的文书 {papers} 份。")
        if broken or unread:
            raise CommandError(
                f"{broken} 个第二重验证、{len(unread)} 份文书打不开：{'、'.join(unread)}"
            )

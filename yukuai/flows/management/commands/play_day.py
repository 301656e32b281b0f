import time
from argparse import ArgumentParser
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from yukuai.flows.demoday.compare import Figure
from yukuai.flows.demoday.day import Day, Result, prepare, run
from yukuai.flows.demoday.play import Refused, Stage
from yukuai.kernel import clock

SHOWN = 40
"""Differences that are printed; the rest is counted."""


class Command(BaseCommand):
    help = "Play 24 hours of a township and compare every figure with the ledger's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--matters", type=int, default=2000)
        parser.add_argument("--day", type=date.fromisoformat, default=None)

    def handle(
        self, *_args: Any, seed: int, matters: int, day: date | None, **_options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError("演示日只在演示模式下使用。")
        begun = time.monotonic()
        played = prepare(
            seed,
            day=day or clock.today(clock.now()) - timedelta(days=1),
            matters=matters,
            seeds=settings.SEED,
        )
        self._announce(played)
        try:
            result = run(played, tell=self._hour)
        except Refused as refusal:
            raise CommandError(f"平台没有照剧本办：{refusal}") from refusal
        self._table(result)
        self._end(result, time.monotonic() - begun)

    def _announce(self, day: Day) -> None:
        script = day.script
        self.stdout.write(
            f"演示日 {script.day}（种子 {script.seed}）：{len(script.matters)} 件事、"
            f"{len(day.town.officers)} 名工作人员、{len(script.steps)} 步。"
        )

    def _hour(self, hour: datetime, stage: Stage) -> None:
        """What the script holds at that hour comes out of the play, not of the script."""
        done, at = stage.done, hour.astimezone(clock.SHANGHAI)
        ended = sum(done[act] for act in ("reject", "withdraw", "merge"))
        closed = done["close"] + stage.closed_at_once - stage.reopened
        self.stdout.write(
            f"{at:%H:%M} 收到 {done['raise']:>5} 在办 {done['raise'] - ended - closed:>5} "
            f"办结 {closed:>5} 送外部 {stage.outside.sent():>5}"
        )
        self.stdout.flush()

    def _table(self, result: Result) -> None:
        for moment, figures in result.figures.items():
            kinds = Counter(one.group for one in figures)
            wrong = Counter(one.group for one in figures if not one.agrees)
            for group, number in kinds.items():
                self.stdout.write(f"{moment} {group}：比了 {number} 个数，不一致 {wrong[group]} 个")
        self.stdout.write("24:00 全街道（本月）        应为    实为")
        for one in self._headline(result):
            self.stdout.write(f"  {one.name}\t{one.expected!s:>8}{one.got!s:>8}")

    @staticmethod
    def _headline(result: Result) -> list[Figure]:
        """The board of the township, and what the outside systems got."""
        found = result.figures["24:00"]
        where = found[0].where.replace("本周", "本月")
        board = [one for one in found if one.group == "监督板" and one.where == where]
        sent = [one for one in found if one.group == "外部系统" and one.name == "收到我们的"]
        return [*board, *(Figure("", "", f"{s.where}{s.name}", s.expected, s.got) for s in sent)]

    def _end(self, result: Result, seconds: float) -> None:
        differences = result.differences
        for moment, one in differences[:SHOWN]:
            self.stdout.write(f"不一致 {moment} {one}")
        connection.close()
        if differences:
            raise CommandError(f"有 {len(differences)} 个数不一致，用时 {seconds:.0f} 秒。")
        number = sum(map(len, result.figures.values()))
        self.stdout.write(f"全部一致：{number} 个数，用时 {seconds:.0f} 秒。")

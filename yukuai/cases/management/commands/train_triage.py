import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from yukuai.accounts.policy import SYSTEM
from yukuai.cases.actions import keep_triage_model
from yukuai.cases.learned import HEADS, find_active_model, unpack
from yukuai.cases.lessons import figures_of, learn, list_lessons, word_rules
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.scope import scope


class Command(BaseCommand):
    help = "从办完的事里学一版分流建议。比在用的好才自动换上；第一版由管理员在“事项类别”里换上。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", action="append", default=[], help="只学这里的，如 1.2.")

    def handle(self, *, area: list[str], **_options: Any) -> None:
        at = clock.now()
        with scope(SYSTEM.areas):
            rules, active = word_rules(SYSTEM), find_active_model(SYSTEM)
            lesson = learn(list_lessons(SYSTEM, areas=area), rules=rules, day=today(at).isoformat())
        if not any(head.labels for head in lesson.model.heads.values()):
            raise CommandError(f"办完的事只有 {lesson.texts} 件，还不够学。没有存新版。")
        rival = figures_of(unpack(active), lesson.judged) if active else None
        row = keep_triage_model(
            SYSTEM,
            data=lesson.model.dump(),
            texts=lesson.texts,
            figures=lesson.figures,
            rival=active.version if active else None,
            rival_figures=rival,
            at=at,
        )
        for head in HEADS:
            said = {"version": row.version, "active": row.active, "head": head}
            figures = {k: v for k, v in lesson.figures[head].items() if k != "labels"}
            self.stdout.write(json.dumps(said | figures, ensure_ascii=False))

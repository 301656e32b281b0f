"""A draft rule tried on ten thousand decided matters beside many live rules.

One JSON line a figure: the trial as an officer waits for it, and the raw limit, which is reading
the same rows and doing nothing with them.
"""

import json
import os
import platform
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
MATTERS = int(os.environ.get("MATTERS", "10000"))
LIVE = int(os.environ.get("LIVE", "50"))
AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
BODY = "楼下的夜市每天摆到凌晨，烧烤油烟很大，老人睡不着觉，希望有人来管一管。" * 4

sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["TEST_DATABASE"] = f"bench_rule_trial_{os.getpid()}"


def main() -> None:
    import django

    django.setup()
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(0, False, aliases={"default", "owner"}, serialized_aliases=())
    try:
        measure()
    finally:
        connections.close_all()
        teardown_databases(made, 0)


def measure() -> None:
    from tests.people import officer
    from tests.places import make_places
    from yukuai.accounts.models import Department
    from yukuai.accounts.policy import Role
    from yukuai.cases import actions, trials
    from yukuai.kernel.scope import EVERYWHERE, scope

    with scope(EVERYWHERE):
        places = make_places()
        office = Department.objects.create(
            division=places[12], name="执法队", short_name="执法队", kind="综合执法"
        )
        lie_matters(places, office)
    town = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=21)
    for n in range(LIVE):
        rule = draft(town, f"规则{n}", ("没有", "这个词", "油烟"), 50 + n)
        with scope(EVERYWHERE):
            rule.tried_digest, rule.state = rule.digest, "live"
            rule.save()
    rule = draft(town, "新的", ("油烟",), 1)
    began = time.perf_counter()
    ran = actions.try_rule(town, rule_id=rule.pk, months=6, at=AT)
    took = time.perf_counter() - began
    assert (ran.looked_at, ran.caught) == (MATTERS, MATTERS)
    tell("rule.trial", took, matters=MATTERS, live_rules=LIVE, caught=ran.caught)
    began = time.perf_counter()
    with scope(town.areas):
        list(trials._decided(rule, AT - timedelta(days=180), AT))
    tell("rule.trial.raw", time.perf_counter() - began, matters=MATTERS)


def draft(actor, name, words, order):  # type: ignore[no-untyped-def]
    from yukuai.cases import actions
    from yukuai.cases.actions.rulebook import RuleTold

    told = RuleTold(12, name, "nearest", department_kind="综合执法", words=words, order=order)
    return actions.draft_rule(actor, told=told, reason="测量。", at=AT)


def lie_matters(places, office):  # type: ignore[no-untyped-def]
    from yukuai.cases.models import Case
    from yukuai.workflow.models import RulePack

    pack = RulePack.objects.create(
        subject="case",
        code="BENCH",
        version=1,
        effective_from=date(2020, 1, 1),
        params={},
        source="bench",
    )
    rows = (
        Case(
            division=places[112 + n % 2],
            unit=places[12],
            unit_department=office if n % 3 else None,
            number=f"B-{n}",
            client_uuid=uuid4(),
            state="closed",
            source="phone",
            title="夜市油烟",
            body=BODY,
            triage="major",
            rule_pack=pack,
            received_at=AT - timedelta(minutes=n + 1),
            changed_at=AT,
            replied_at=AT,
            answer="办了。",
            outcome="solved",
            ticket_digest="x",
        )
        for n in range(MATTERS)
    )
    Case.objects.bulk_create(rows, batch_size=1000)


def tell(name: str, seconds: float, **parameters: object) -> None:
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    figure = {"name": name, "value": round(seconds, 3), "unit": "s", "machine": machine}
    print(json.dumps({**figure, "parameters": parameters}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

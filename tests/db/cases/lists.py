"""A duty list and dispatch rules as their keepers write them."""

from datetime import date
from typing import Any

from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import Role
from yukuai.cases import actions
from yukuai.cases.actions.rulebook import RuleTold

CITY = officer(Role.CITY_OP, "1.", user_id=91)
SOUTH = officer(Role.DISTRICT_OP, "1.2.", user_id=51)
NORTH = officer(Role.DISTRICT_OP, "1.11.", user_id=52)


def on_the_list(category: Any, duty: str = "must", by: Any = CITY, **fields: Any) -> Any:
    told = {
        "division_id": int(by.grants[0].capture.rstrip(".").rpartition(".")[2]),
        "basis": "某市发〔2025〕9号",
        "valid_from": date(2026, 1, 1),
        "reason": "按文件录入。",
        "at": NOON,
        **fields,
    }
    return actions.set_duty(by, category_id=category.pk, duty=duty, **told)


def told(**fields: Any) -> RuleTold:
    said: dict[str, Any] = {
        "division_id": 12,
        "name": "夜市油烟",
        "target": "nearest",
        "department_kind": "综合执法",
        **fields,
    }
    return RuleTold(**said)


def drafted(by: Any, **fields: Any) -> Any:
    return actions.draft_rule(by, told=told(**fields), reason="常常派错。", at=NOON)


def put_live(by: Any, **fields: Any) -> Any:
    rule = drafted(by, **fields)
    actions.try_rule(by, rule_id=rule.pk, months=6, at=NOON)
    return actions.put_rule_live(by, rule_id=rule.pk, reason="试过了。", at=NOON)

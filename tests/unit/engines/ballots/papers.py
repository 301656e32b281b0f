"""Specs to draw and read. All people are made up."""

from typing import Any

FAMILIES, GIVEN = "田向秦龚简石蒲谭冉覃代何罗邓", ("维国", "春兰", "勇", "玉梅", "文博", "磊")


def a_contest(id: str = "wy", *, options: int = 5, **changes: Any) -> dict[str, Any]:
    named = [
        {"id": f"{id}{n}", "name": FAMILIES[n % 14] + GIVEN[n // 14 % 6 - n % 6], "note": ""}
        for n in range(1, options + 1)
    ]
    said = {"id": id, "title": "委员", "seats": 3, "columns": ["for", "against"]}
    return said | {"options": named, "write_ins": 2, "group": "general"} | changes


def a_spec(*contests: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {
        "election": "e-2026-0001",
        "title": "清水村第十二届村民委员会选举票",
        "place": "青山镇清水村",
        "term": "第十二届",
        "paper": "A4",
        "batch": "QS-01",
        "large_print": False,
        "one_paper": True,
        "instructions": "",
        "seal": True,
    }
    return said | {"contests": list(contests) or [a_contest()]} | changes

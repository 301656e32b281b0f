"""Shops, offices, facilities, committees and projects of a community, with invented names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from yukuai.registry.numbers import uscc_check
from yukuai.registry.samples.ground import Point
from yukuai.registry.samples.names import draw_given, draw_surname

Values = dict[str, str]
"""Fields of a record by name, as people type them (`catalogue`)."""


@dataclass(frozen=True)
class Body:
    kind: str
    values: Values
    spot: Point | None = None
    extra: Values = field(default_factory=dict)


SHOPS = (
    ("便民超市", "F", "shop"),
    ("小面馆", "H", "shop"),
    ("理发店", "O", "shop"),
    ("五金店", "F", "shop"),
    ("水果店", "F", "shop"),
    ("药房", "F", "shop"),
    ("火锅店", "H", "shop"),
    ("打印店", "L", "shop"),
    ("物业服务有限公司", "K", "enterprise"),
    ("装饰工程有限公司", "E", "enterprise"),
    ("科技有限公司", "I", "enterprise"),
    ("文化传播有限公司", "R", "enterprise"),
)
FIRST, SECOND = "渝嘉江宏瑞安和顺福兴", "达源泰丰辉民康宁盛和"
FACILITIES = (
    ("service", "便民服务中心", "周一至周五 9:00-12:00，13:30-18:00", True, "门口有坡道，低位柜台"),
    ("elder", "社区养老服务站", "每天 8:30-17:30", True, "一楼，有扶手和无障碍卫生间"),
    ("clinic", "社区卫生服务站", "周一至周六 8:00-17:30", True, "门口有坡道"),
    ("culture", "文化活动室", "每天 9:00-21:00", False, "在二楼，没有电梯"),
    ("fitness", "健身点", "全天", True, ""),
    ("shelter", "应急避难点", "全天", True, "平地，可进轮椅"),
    ("fire", "微型消防站", "全天", False, ""),
    ("toilet", "公共厕所", "6:00-23:00", True, "有无障碍厕位"),
    ("parking", "公共停车场", "全天", True, "有无障碍车位 2 个"),
    ("notice", "宣传栏", "全天", True, ""),
)


def credit_code(chance: Random) -> str:
    """A unified social credit code nobody has: of no registration office (`500199`)."""
    body = "91500199" + "".join(chance.choice("0123456789ABCDEFGH") for _ in range(9))
    return body + uscc_check(body)


def _person(chance: Random) -> str:
    woman = chance.random() < 0.5
    return draw_surname(chance) + draw_given(chance, woman=woman, born=chance.randint(1960, 1995))


def organisations(
    chance: Random, addresses: list[tuple[str, Point]], number: int
) -> Iterator[Body]:
    for place in range(number):
        what, industry, sort = chance.choice(SHOPS)
        address, spot = chance.choice(addresses)
        yield Body(
            "organisation",
            {
                "name": f"{chance.choice(FIRST)}{chance.choice(SECOND)}{what}",
                "uscc": credit_code(chance),
                "org_type": sort,
                "industry": industry,
                "legal_rep": _person(chance),
                "phone": f"1990{2_000_000 + chance.randint(0, 999_999)}",
                "employees": str(chance.randint(1, 6) if sort == "shop" else chance.randint(5, 80)),
                "address": f"{address} 门面 {place + 1}",
            },
            spot,
        )


def facilities(chance: Random, short: str, addresses: list[tuple[str, Point]]) -> Iterator[Body]:
    for category, what, hours, accessible, note in FACILITIES:
        for place in range(chance.randint(2, 4) if category in ("fitness", "notice") else 1):
            address, spot = chance.choice(addresses)
            said = {
                "name": f"{short}{what}{place + 1 if place else ''}",
                "category": category,
                "address": address,
                "opening_hours": hours,
                "accessible": "1" if accessible else "0",
                "access_note": note,
                "maintainer": f"{short}居民委员会",
            }
            if category in ("service", "elder", "clinic"):
                said["public_phone"] = f"023-0000{chance.randint(1000, 9999)}"
            if category in ("shelter", "culture"):
                said["capacity"] = str(chance.randint(4, 40) * 10)
            yield Body("facility", said, spot)


def committees(chance: Random, short: str) -> Iterator[Body]:
    """Party, self-government and what people found together; who holds which office."""
    leader = _person(chance)
    party = {"name": f"{short}党委", "org_type": "committee", "leader": leader, "members": "126"}
    yield Body("party-org", {**party, "services": "组织生活，联系党员"})
    for place in range(1, 4):
        branch = {"name": f"{short}第{'一二三'[place - 1]}党支部", "org_type": "branch"}
        members = str(chance.randint(15, 60))
        yield Body("party-org", {**branch, "leader": _person(chance), "members": members})
    for what, sort, services in (
        ("志愿服务队", "volunteer", "探望独居老人，清理楼道"),
        ("夕阳红合唱队", "filed", "每周二、周五排练"),
        ("睦邻互助会", "filed", "邻里互助，调解小矛盾"),
    ):
        named = {"name": f"{short}{what}", "org_type": sort, "services": services}
        members = str(chance.randint(12, 70))
        yield Body("social-org", {**named, "leader": _person(chance), "members": members})
    for body, post, name in (
        ("party", "书记", leader),
        ("committee", "主任", leader),
        *(("committee", "委员", _person(chance)) for _ in range(4)),
        *(("supervision", "委员", _person(chance)) for _ in range(3)),
    ):
        term = {"term_from": "2026-03-20", "elected_in": "2026 年换届（示例）"}
        yield Body("office-holder", {"name": name, "body": body, "post": post, **term})


def projects(chance: Random, short: str) -> Iterator[Body]:
    for what, kind, funding in chance.sample(
        (
            ("楼道灯改造", "repair", "fiscal"),
            ("化粪池清掏", "service", "collective"),
            ("加装扶手", "build", "mixed"),
            ("健身器材更换", "goods", "donated"),
            ("雨污管网修复", "repair", "fiscal"),
        ),
        3,
    ):
        progress = chance.choice((30, 60, 100))
        said = {
            "name": f"{short}{what}",
            "project_kind": kind,
            "funding": funding,
            "budget_yuan": str(chance.randint(8, 400) * 1000),
            "resolution": "居民代表会议（示例）",
            "contractor": f"{chance.choice(FIRST)}{chance.choice(SECOND)}工程有限公司",
            "progress": str(progress),
        }
        if progress == 100:
            said["accepted_on"] = f"2026-0{chance.randint(4, 9)}-15"
        yield Body("project", said)

"""“谁看过我的信息”: the audit log in words that say who, when, what for and what."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from yukuai.kernel.clock import today
from yukuai.portal.matters.words import unit_of

if TYPE_CHECKING:
    from yukuai.audit.models import AuditEntry

SEEN = {
    "case.view": "看了这件事的内容",
    "case.contact": "打开了联系方式",
    "case.found": "按您的电话或姓名找到了这件事",
    "case.export": "把这件事导出成了文件",
    "registry.export": "把您的登记导出成了文件",
    "call.reveal": "看了没送到的短信",
    "call.finish": "打电话告诉您了",
    "call.reopen": "电话没打通，准备重打",
    "exchange.push": "送到外部系统去办",
    "api.event.read": "接口收到进展",
    "dispute.view": "看了这件调解的内容",
    "dispute.party": "打开了您的姓名和电话",
    "registry.view": "看了您的登记",
    "registry.names": "看了您家或您住处的登记，里面有您的姓名",
    "registry.reveal": "打开了您登记的内容",
    "person.register": "登记了您的信息",
    "person.amend": "改了您的登记",
    "person.confirm": "核实了您的登记，没有变化",
    "person.choose": "在几种说法里选定了您的登记",
    "person.end": "注销了您的登记",
    "person.reopen": "恢复了您的登记",
    "person.move-in": "登记您住在哪里",
    "person.move-out": "登记您搬走了",
    "person.join-household": "把您登记到一户",
    "person.leave-household": "登记您离开一户",
    "person.care": "加了服务标签",
    "person.care-end": "结束了服务标签",
    "person.settle-correction": "核对了您申请的更正",
    "person.import": "把您的信息登记进底数（批量导入）",
    "person.import-undone": "撤销了那次批量导入",
    "person.merge": "把您的两条登记合成一条",
    "person.unmerge": "把合并的两条登记又分开",
    "person.not-same": "核对了您和别人不是同一个人",
    "person.relocate": "社区界线调整，您的登记随住处转到另一个社区",
    "person.second-record": "社区界线调整，您在两个社区都有住处，两边都登记",
    "resident.sign-up": "第一次登录，建了账户",
    "resident.set-home": "改了常住社区",
    "resident.set-name": "改了姓名",
    "resident.link-outside": "连上了外部账号",
    "resident.unlink-outside": "断开了外部账号",
    "resident.refuse-texts": "退订了办事短信",
    "resident.want-texts": "恢复了办事短信",
}
OF_MATTERS = ("case.", "call.", "dispute.", "exchange.push", "api.event.")
OTHERWISE = "用到了与您有关的记录"


@dataclass(frozen=True)
class Look:
    """One line: whoever did it is named by his unit. Like looks of a day stand as one, counted."""

    at: datetime
    first: datetime
    times: int
    who: str
    what: str
    purpose: str
    number: str


@dataclass(frozen=True)
class Day:
    on: date
    looks: list[Look]


def by_day(entries: "Iterable[AuditEntry]") -> list[Day]:
    """Of entries that come newest first."""
    looks = [_look(entry) for entry in entries]
    days = groupby(looks, key=lambda look: today(look.at))
    return [Day(on, _counted(rows)) for on, rows in days]


def _counted(looks: Iterable[Look]) -> list[Look]:
    """The same unit, what and purpose once, at the newest moment, with how often and since when."""
    kept: dict[tuple[str, ...], Look] = {}
    for look in looks:
        key = (look.who, look.what, look.purpose, look.number)
        newest = kept.get(key)
        if newest is None:
            kept[key] = look
        else:
            kept[key] = replace(newest, first=look.at, times=newest.times + 1)
    return list(kept.values())


def _look(entry: "AuditEntry") -> Look:
    what = SEEN.get(entry.act, OTHERWISE)
    fields = entry.details.get("fields") or []
    if fields and entry.act != "dispute.party":
        what = f"{what}：{'、'.join(map(str, fields))}"
    number = entry.target if entry.act.startswith(OF_MATTERS) else ""
    who = unit_of(entry.actor) or entry.actor
    at = entry.happened_at
    return Look(at, at, 1, who, what, entry.purpose, number)

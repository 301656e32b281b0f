"""What the announcements say. Pure: facts in, the facts of the paper out (documents.kinds)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yukuai.elections.schedule import said_day
from yukuai.elections.states import Body, Electorate

LAWS = {
    Body.COMMUNITY: ("《中华人民共和国城市居民委员会组织法》", "《重庆市居民委员会选举办法》"),
    Body.VILLAGE: ("《中华人民共和国村民委员会组织法》", "《重庆市村民委员会选举办法》"),
}


@dataclass(frozen=True)
class Head:
    """What every announcement of one election knows."""

    body: Body
    place: str
    term: str
    """第七届"""
    committee: str
    day: date
    contact: str

    @property
    def election(self) -> str:
        return f"{self.place}{self.term}{self.body.label}选举"

    @property
    def law(self) -> str:
        return "和".join(LAWS[self.body])

    @property
    def people(self) -> str:
        return "居民" if self.body is Body.COMMUNITY else "村民"


def full(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def frame(head: Head, title: str, body: Sequence[str], *, up: date, down: date) -> dict[str, str]:
    return {
        "title": title,
        "body": "\n".join(body),
        "posted": f"{said_day(up)}–{said_day(down)}",
        "contact": head.contact or "选举委员会办公地点",
    }


def committee(
    head: Head, members: Sequence[tuple[str, str]], met: str, objection_until: date
) -> list[str]:
    """`members`: name and office, in order; `met`: the meeting that chose them."""
    said = "、".join(f"{name}（{office}）" for name, office in members)
    return [
        f"根据{head.law}，经{met}推选，{head.committee}由下列人员组成：",
        f"{said}。",
        f"对名单有不同意见的，请于{full(objection_until)}24时前向{head.committee}提出。",
        "选举委员会成员被提名为候选人，或者近亲属成为候选人的，退出选举委员会，"
        "所缺名额按推选结果依次递补。",
    ]


def plan(head: Head, met: str, electorate: Electorate, seats: Mapping[str, int]) -> list[str]:
    said = "、".join(f"{word}{count}人" for word, count in seats.items())
    return [
        f"根据{head.law}，经{met}讨论通过，{head.election}办法已经确定，现将有关事项公告如下：",
        f"一、选举日为{full(head.day)}。",
        f"二、{head.body.label}应选{sum(seats.values())}人：{said}。",
        f"三、选举采取{electorate.label}的方式，无记名投票，公开计票，选举结果当场公布。",
        "四、选举办法全文张贴在公告栏，也可以到选举委员会查阅。",
    ]


def registration(head: Head, opens: date, closes: date, grounds: Sequence[str]) -> list[str]:
    return [
        f"根据{head.law}，{head.election}选民登记从{full(opens)}开始，"
        f"到{full(closes)}截止。现公告如下：",
        f"一、到选举日{full(head.day)}年满十八周岁，依法享有选举权，符合下列情形之一的可以登记："
        f"{'；'.join(grounds)}。",
        "二、可以到选举委员会登记，也可以打电话登记。行动不便的，我们上门登记。",
        "三、在别处已经登记的，不再重复登记。",
    ]


def roll(head: Head, count: int, objection_until: date, decision_days: int) -> list[str]:
    return [
        f"根据{head.law}，经登记、核对，{head.election}共登记选民{count}人。现将名单公布（见附件），"
        "并就有关事项公告如下：",
        f"一、选举日为{full(head.day)}，年龄按选举日计算。",
        f"二、对名单有不同意见的，请于{full(objection_until)}24时前向本选举委员会提出申诉。"
        f"本委员会自收到申诉之日起{decision_days}日内作出决定，并公布处理结果。",
        "三、申诉可以当面提出、打电话或者书面提出。行动不便的，请来电，我们上门办理。",
    ]


def roll_final(head: Head, count: int, decided: Sequence[str]) -> list[str]:
    """`decided`: one sentence an objection."""
    told = [f"申诉处理结果：{'；'.join(decided)}。"] if decided else ["公布期间没有收到申诉。"]
    return [
        f"{head.election}选民名单公布期已满。{told[0]}",
        f"最后确定的选民共{count}人。选民证由选举委员会发放。",
    ]


def members_changed(head: Head, left: str, why: str, joined: str) -> list[str]:
    after = f"，由{joined}依次递补" if joined else ""
    return [f"{left}因{why}退出{head.committee}{after}。"]


def day_changed(head: Head, before: date, why: str) -> list[str]:
    return [
        f"经研究，{head.election}的选举日由{full(before)}改为{full(head.day)}。",
        f"改期的原因：{why}。",
        "已经公布的名单和已经办完的事项继续有效；还没有办的，按新的选举日推算。",
    ]

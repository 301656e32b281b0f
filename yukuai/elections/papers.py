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


def nomination(
    head: Head,
    *,
    seats: Mapping[str, int],
    closes: date,
    by: Sequence[str],
    least: int,
    bars: Sequence[str],
    limits: Sequence[str],
) -> list[str]:
    """`by`: the codes of those who may nominate; `least`: how many voters one nomination needs;
    `bars` and `limits`: who may not stand, and what a nominator may not do, in words."""
    posts = "、".join(f"{word}{count}人" for word, count in seats.items())
    joint = f"{least}名以上选民联名" if least > 1 else "选民"
    who = {"PARTY": "党组织", "VOTERS": joint}
    limited = f"每人{'，'.join(limits)}。" if limits else ""
    barred = f"有下列情形之一的，不得作为候选人：{'；'.join(bars)}。" if bars else ""
    return [
        f"根据{head.law}，{head.election}候选人的提名推荐到{full(closes)}截止。现公告如下：",
        f"一、应选{sum(seats.values())}人：{posts}。",
        "二、候选人应当拥护中国共产党的领导，奉公守法，品行良好，公道正派，热心公益，"
        f"具有一定文化水平和工作能力。{barred}",
        f"三、由{'或者'.join(who[code] for code in by)}提名。{limited}",
        "四、提名应当本人签名，交到选举委员会。行动不便的，请来电，我们上门收取。",
    ]


def candidates(head: Head, count: int, proxies_until: date) -> list[str]:
    """The names stand in the table."""
    return [
        f"根据{head.law}，经提名推荐和联合审查，{head.election}的正式候选人共{count}人，"
        "按提名多少排列，现予公布（见下表）。",
        f"一、{head.committee}组织候选人和{head.people}见面，介绍履职设想，回答询问。"
        "选举日停止介绍。",
        f"二、选举期间不能到场投票的，可以书面委托他人投票，请于{full(proxies_until)}以前"
        "到选举委员会登记。候选人不得接受委托；已经委托候选人的，委托失效，请重新办理。",
    ]


def table_of_candidates(contests: Sequence[tuple[str, int, Sequence[str]]]) -> str:
    """`contests`: the office, its seats, the names in order."""
    rows = [
        f"{word}|{seats}|{'、'.join(names).replace('|', '／')}" for word, seats, names in contests
    ]
    return "\n".join(["职务|应选人数|正式候选人", *rows])


def proxies(head: Head, count: int, *, allowed: bool) -> list[str]:
    if not allowed:
        return [f"根据{head.law}，{head.election}由代表投票，不实行委托投票。"]
    listed = (
        f"共有{count}人书面委托他人投票，现将委托人和受托人的名单公布如下。"
        if count
        else "登记期间没有人委托他人投票。"
    )
    return [
        f"根据{head.law}，{head.election}的委托登记已经截止。{listed}",
        "没有列入名单的委托无效，投票当天不能临时委托。受托人凭本人和委托人的选民证领票。",
    ]


def table_of_proxies(rows: Sequence[tuple[str, str, str]]) -> str:
    """`rows`: the voter, the holder, what he is to him."""
    if not rows:
        return ""
    cells = ["|".join(word.replace("|", "／") for word in row) for row in rows]
    return "\n".join(["委托人|受托人|关系", *cells])

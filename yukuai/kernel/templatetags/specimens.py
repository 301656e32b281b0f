"""What /dev/components shows: invented content for every part, in every state."""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.contrib.staticfiles import finders

register = template.Library()


class SpecimenForm(forms.Form):
    """Every control; bound to mistakes it shows every error."""

    text = forms.CharField(
        label="发生了什么",
        help_text="用平常的话说就行。",
        error_messages={"required": "还没写发生了什么。一句话就行。"},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    people = forms.IntegerField(
        label="常住人数",
        error_messages={"invalid": "这里填数字，例如 4。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),  # keeps 四个, to be put right
    )
    place = forms.CharField(label="住址")
    level = forms.ChoiceField(
        label="急不急", choices=[("", "选一个"), ("1", "不急"), ("2", "这两天")], required=False
    )
    code = forms.RegexField(
        r"^\d{6}$",
        label="短信里的 6 位数字",
        error_messages={"invalid": "还差 2 位。短信里是 6 位数字。"},
        widget=forms.TextInput(attrs={"class": "otp", "inputmode": "numeric"}),
    )
    photos = forms.FileField(label="照片", required=False, help_text="照片里的位置信息会自动去掉。")
    named = forms.ChoiceField(
        label="怎么联系您？",
        widget=forms.RadioSelect,
        choices=[
            ("yes", "留姓名和电话\n您能看到每一步进展。电话只给承办人打一次。"),
            ("no", "不留姓名\n同样会办。凭回执上的查询码看进展。"),
        ],
    )
    solved = forms.ChoiceField(
        label="事情解决了吗？",
        widget=forms.RadioSelect,
        choices=[("2", "解决了"), ("1", "一部分"), ("0", "没有")],
    )
    kind = forms.ChoiceField(
        label="像是哪一类？",
        required=False,
        widget=forms.RadioSelect,
        choices=[("a", "公共设施坏了"), ("b", "卫生环境"), ("c", "邻里纠纷"), ("d", "物业管理")],
    )
    why = forms.MultipleChoiceField(
        label="哪里还没好？",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", "还有地方没修到"), ("2", "修了又坏")],
    )
    tell = forms.BooleanField(label="发短信告诉来电人", required=False)


GOOD = {
    "text": "我们 2 单元 3 楼到 5 楼的楼道灯坏了快一个星期。",
    "people": 4,
    "place": "人和街 41 号 2 单元 5-2",
    "named": "yes",
    "solved": "1",
    "kind": "a",
    "why": ["1"],
    "tell": True,
}
BAD = {"people": "四个", "code": "4827", "place": "人和街"}


@register.simple_tag
def specimens(at: datetime) -> dict[str, Any]:
    return {
        "form": SpecimenForm(initial=GOOD),
        "wrong": SpecimenForm(BAD, auto_id="wrong_%s"),
        "clocks": _clocks(at),
        "dues": [at + timedelta(hours=h) for h in (-30, -6, 2, 26, 90)],
        "events": _events(at),
        "acts": _acts(),
        "nodes": _nodes(),
        "stats": _stats(),
        "figures": _figures(),
        "icons": _icons(),
        "steps": ["什么事", "在哪里", "核对提交"],
        "crumbs": [{"label": "渝中区", "url": "#"}, {"label": "大溪沟街道", "url": ""}],
        "rows": [
            {"term": "什么事 · 公共设施坏了", "words": "楼道灯坏了快一个星期。", "url": "#"},
            {"term": "在哪里", "words": "人和街 41 号 2 单元，3–5 楼", "url": "#"},
        ],
        "sentences": ["1 个工作日内，社区告诉您收没收下、归谁办。", "一般 5 个工作日内办好。"],
        "place": {"address": "人和街 41 号 2 单元，3–5 楼", "area": "张家花园社区 · 第 06 网格"},
        "window": {"address": "人和街 88 号", "hours": "工作日 9:00–17:30", "phone": "12345"},
    }


def _clocks(at: datetime) -> list[dict[str, Any]]:
    day = timedelta(days=1)
    return [
        {"label": "办结", "starts": at - day, "due": at + 9 * day, "met": None},
        {"label": "派单", "starts": at - 8 * day, "due": at + day / 12, "met": None},
        {"label": "签收", "starts": at - 3 * day, "due": at - day / 4, "met": None},
        {"label": "答复", "starts": at - 9 * day, "due": at, "met": at - day},
    ]


def _events(at: datetime) -> list[dict[str, Any]]:
    day = timedelta(days=1)
    return [
        {"state": "next", "title": "回访", "when": "办完以后"},
        {"state": "yours", "title": "等您确认", "when": "3 天内", "words": "到时按办结处理。"},
        {"state": "now", "title": "正在办", "at": at},
        {"state": "late", "title": "超过签收期限", "at": at - day / 4, "who": "区住房城乡建委"},
        {"state": "done", "title": "答复", "at": at - day, "quote": "换了 3 盏声控灯。"},
    ]


def _act(name: str, label: str, why: str, **more: Any) -> dict[str, Any]:
    plain = {"icon": "", "url": "#", "allowed": True, "law": "", "primary": False, "key": ""}
    return plain | {"name": name, "label": label, "why": why, "drawer": False} | more


def _acts() -> list[dict[str, Any]]:
    return [
        _act("dispatch", "派单", "派给有执法权的部门。", icon="send", primary=True, key="D"),
        _act("join", "请人会办", "最多 3 家，您仍是牵头。", icon="talk"),
        _act(
            "give",
            "交社区办",
            "不能交。油烟执法不在社区职责清单里。",
            allowed=False,
            law="职责清单第 23 项",
        ),
        _act("close", "办结", "还不能办结。要先有承办单位的答复。", allowed=False),
    ]


def _node(number: int, label: str, **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "meta": "",
        "why": "",
        "open": False,
        "fixed": False,
        "selected": False,
    }
    return plain | {"id": number, "label": label, "children": [], "toggle_url": ""} | more


def _nodes() -> list[dict[str, Any]]:
    bureau = [
        _node(3, "执法支队", meta="在办 12 件", selected=True),
        _node(4, "市容环卫科", meta="在办 5 件"),
    ]
    district = [
        _node(2, "区城市管理局", meta="牵头单位", open=True, toggle_url="#", children=bureau),
        _node(5, "人民村社区居委会", why="这类事不在社区职责清单里。"),
        _node(6, "大溪沟街道", toggle_url="#"),
    ]
    return [_node(1, "渝中区", open=True, toggle_url="#", fixed=True, children=district)]


def _stats() -> list[dict[str, Any]]:
    return [
        {"n": 2, "label": "已超期", "url": "#", "tone": "late", "current": False},
        {"n": 4, "label": "今天到期", "url": "#", "tone": "", "current": True},
        {"n": 11, "label": "本周", "url": "#", "tone": "", "current": False},
        {"n": 3, "label": "等您签字", "url": "#", "tone": "yours", "current": False},
    ]


def _figures() -> list[dict[str, Any]]:
    weeks = [3, 4, 2, 5, 6, 5, 7, 7, 8, 7, 9, 12]
    common = {"url": "#", "weeks": weeks, "weeks_label": "近 12 周，从 3 升到 12"}
    return [
        {"label": "收到诉求（件）", "value": "1,284", "below": "比上月多 6%", "tone": ""} | common,
        {"label": "按时办结", "value": "93.1%", "below": "1,107 / 1,189 件", "tone": ""} | common,
        {"label": "已超期（件）", "value": "17", "below": "法定期限 2", "tone": "late"} | common,
    ]


@cache
def _icons() -> list[str]:
    path = finders.find("icons.svg")
    return re.findall(r'id="i-([a-z]+)"', Path(path).read_text()) if path else []

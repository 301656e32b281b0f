"""What the log calls by code, in the words of whoever reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.roles import ROLES, Role
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.kernel.clock import SHANGHAI

KINDS = {
    "case.": "诉求",
    "staff.": "登录和账户",
    "post.": "岗位",
    "glass.": "越区查看",
    "client.": "接口客户",
    "api.": "接口调用",
    "department.": "部门",
    "category.": "事项类别",
    "division.": "区划",
    "resident.": "居民账户",
    "audit.": "审计",
}
ACTS = {
    **{f"case.{move.name}": move.label for move in CASE_WORKFLOW.moves},
    "case.raise": "反映",
    "case.register": "登记来访来电",
    "case.view": "看诉求",
    "case.contact": "看姓名电话",
    "case.relocate": "改地点",
    "case.part": "拆出分单",
    "case.supervise": "督办",
    "staff.sign-in": "登录",
    "staff.sign-out": "退出",
    "staff.failed-sign-in": "登录没成功",
    "staff.switch-post": "换岗位",
    "staff.create": "新建人员",
    "staff.choose-password": "改密码",
    "staff.reset-password": "重置密码",
    "staff.set-up-second-factor": "绑定动态口令",
    "staff.reset-second-factor": "重置动态口令",
    "post.appoint": "任命岗位",
    "post.end": "结束岗位",
    "glass.break": "开始越区查看",
    "glass.end": "结束越区查看",
    "client.create": "新建接口客户",
    "client.end": "停用接口客户",
    "api.case.read": "接口读诉求",
    "department.create": "新建部门",
    "department.rename": "部门改名",
    "department.close": "撤销部门",
    "category.load": "装入事项类别",
    "category.save": "改事项类别",
    "category.add-word": "加紧急词",
    "category.remove-word": "删紧急词",
    "division.load": "装入区划",
    "division.found": "设立区划",
    "division.rename": "区划更名",
    "division.move": "区划划转",
    "division.merge": "区划撤并",
    "division.reorganise": "区划调整",
    "resident.sign-up": "居民注册",
    "resident.set-home": "居民改住处",
    "resident.set-name": "居民填姓名",
    "audit.export": "导出审计",
    "audit.verify": "核对封印",
}
DETAILS = {
    "person": "工号",
    "role": "角色",
    "name": "名称",
    "before": "原来",
    "after": "后来",
    "reason": "理由",
    "basis": "依据",
    "title": "事由",
    "effective": "生效日期",
    "department": "部门",
    "valid_from": "从",
    "valid_to": "到",
    "until": "到",
    "ip": "网络地址",
    "step": "哪一步",
    "fields": "字段",
    "may_write": "能写入",
    "divisions": "区划编号",
    "rows": "条数",
    "wanted": "筛选",
    "seals": "封印数",
    "entries": "记录数",
    "faults": "对不上的",
    "ended_because": "为什么提前结束",
}
_VALUES = {"True": "是", "False": "否", "password": "密码", "code": "动态口令"}


def act_label(act: str) -> str:
    return ACTS.get(act, act)


def act_choices() -> Sequence[Any]:
    """All of a kind, or one act of it."""
    groups: list[Any] = [("", "全部")]
    for prefix, kind in KINDS.items():
        acts = [(act, label) for act, label in ACTS.items() if act.startswith(prefix)]
        groups.append((kind, [(prefix, f"{kind}（全部）"), *acts]))
    return groups


def detail_rows(details: dict[str, Any]) -> list[tuple[str, str]]:
    """What is empty says nothing and is left out."""
    return [(DETAILS.get(name, name), _said(value)) for name, value in details.items() if value]


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, dict):
        return "，".join(f"{DETAILS.get(name, name)} {said}" for name, said in value.items())
    text = str(value)
    if text in set(Role):
        return ROLES[Role(text)].label
    return _moment(text) or _VALUES.get(text, text)


def _moment(text: str) -> str:
    """A moment as it is kept, said in the time of Chongqing; '' for anything else."""
    if "T" not in text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment.tzinfo else ""

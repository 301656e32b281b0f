"""What the log calls by code, in the words of whoever reads it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.roles import ROLES, Role
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.disputes.states import DISPUTE_WORKFLOW
from yukuai.kernel.clock import SHANGHAI
from yukuai.registry.states import Kind

KINDS = {
    "case.": "诉求",
    "cluster.": "一串事",
    "export.": "诉求导出",
    "report.": "一表通",
    "registry.": "底数",
    "call.": "电话任务",
    "roster.": "值班和交接",
    "dispute.": "人民调解",
    "mediator.": "调解员名册",
    "staff.": "登录和账户",
    "post.": "岗位",
    "glass.": "越区查看",
    "client.": "接口客户",
    "api.": "接口调用",
    "webhook.": "推送",
    "exchange.": "外部系统",
    "department.": "部门",
    "category.": "事项类别",
    "rule.": "派单规则",
    "duty.": "职责清单",
    "division.": "区划",
    "statistics.": "统计",
    "map.": "地图",
    "resident.": "居民账户",
    "audit.": "审计",
    **{f"{kind}.": f"{kind.label}的登记" for kind in Kind},
    "import.": "批量导入",
}
KEPT = {
    "register": "登记",
    "amend": "改",
    "confirm": "核实没有变化",
    "choose": "选定一种说法",
    "end": "注销",
    "reopen": "恢复",
}
"""What is done with a record of the register, whatever its kind."""
ACTS = {
    **{f"{kind}.{act}": f"{label}（{kind.label}）" for kind in Kind for act, label in KEPT.items()},
    "building.entrance": "加单元",
    "person.move-in": "登记入住",
    "person.move-out": "登记搬走",
    "person.join-household": "归户",
    "person.leave-household": "离开一户",
    "person.care": "加服务标签",
    "person.care-end": "结束服务标签",
    "person.proved": "本人核对身份",
    "person.ask-correction": "本人申请更正",
    "person.settle-correction": "核对更正申请",
    "registry.view": "看人的登记",
    "registry.names": "看一间房或一户里的姓名",
    "registry.list": "看底数清单",
    "registry.reveal": "打开证号电话",
    "registry.own": "本人打开证号电话",
    **{f"case.{move.name}": move.label for move in CASE_WORKFLOW.moves},
    "case.raise": "反映",
    "case.register": "登记来访来电",
    "case.view": "看诉求",
    "case.not-reached": "回访没打通",
    "roster.shift": "定班次",
    "roster.shift-end": "停用班次",
    "roster.assign": "排班",
    "roster.unassign": "取消排班",
    "roster.replace": "换人",
    "roster.swap": "换班",
    "roster.copy": "照上周排",
    "roster.hand_over": "交班",
    "roster.take_over": "接班",
    "case.contact": "看姓名电话",
    "case.find": "按电话或姓名找",
    "case.found": "按电话或姓名找到",
    "case.export": "导出（逐件）",
    "report.save": "定一张报表",
    "report.retire": "停用报表",
    "report.view": "看报表",
    "report.ask": "申请导出报表",
    "report.approve": "批准导出报表",
    "report.refuse": "不批准导出报表",
    "report.write": "导出报表",
    "report.take": "下载导出的报表",
    "registry.export": "导出底数（逐条）",
    "export.write": "导出诉求",
    "export.take": "下载导出的文件",
    "case.relocate": "改地点",
    "case.part": "拆出分单",
    "case.supervise": "督办",
    "case.follow": "跟进邻居反映的事",
    "case.unfollow": "不再跟进",
    "cluster.confirm": "确认是一串",
    "cluster.dismiss": "定为不是一回事",
    "call.reveal": "看没送到短信的电话",
    "call.finish": "电话打过了",
    "call.reopen": "电话放回去重打",
    **{f"dispute.{move.name}": move.label for move in DISPUTE_WORKFLOW.moves},
    "dispute.register": "登记纠纷",
    "dispute.change_date": "改调解时间",
    "dispute.view": "看纠纷",
    "dispute.party": "看当事人姓名电话",
    "mediator.register": "列入调解员名册",
    "mediator.change": "改调解员名册",
    "import.bring": "上传要导入的文件",
    "import.start": "开始批量导入",
    "import.go-on": "接着批量导入",
    "import.drop": "不导入，删除文件",
    "import.done": "批量导入完",
    "import.take-back": "开始撤销批量导入",
    "import.undone": "撤销批量导入完",
    "import.take-copy": "下载导入的核对结果",
    "person.import": "批量导入",
    "person.import-undone": "撤销批量导入",
    "person.merge": "合并重复的登记",
    "person.unmerge": "分开合并的登记",
    "person.not-same": "定为不是同一个人",
    "person.relocate": "随界线转到另一个社区",
    "person.second-record": "两边都有住处，随界线两边登记",
    "building.relocate": "随界线转到另一个社区（楼栋）",
    "organisation.relocate": "随界线转到另一个社区（单位）",
    "facility.relocate": "随界线转到另一个社区（设施）",
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
    "api.event.read": "接口读事件",
    "webhook.create": "新建推送",
    "webhook.secret": "换推送密钥",
    "webhook.resume": "接着推送",
    "webhook.replay": "重放事件",
    "webhook.end": "停止推送",
    "exchange.create": "接入外部系统",
    "exchange.change": "改外部系统",
    "exchange.secret": "换外部系统密钥",
    "exchange.map": "改状态对照表",
    "exchange.routes": "选在里面办的部门",
    "exchange.send": "送外部系统",
    "exchange.push": "内容送到外部系统",
    "exchange.resend": "重发没送到的",
    "exchange.drop": "不再送",
    "exchange.retry": "再试办不了的",
    "exchange.settle": "记为已处理",
    "exchange.reconcile": "对账",
    "exchange.repair": "处理对账差异",
    "department.create": "新建部门",
    "department.rename": "部门改名",
    "department.close": "撤销部门",
    "category.load": "装入事项类别",
    "category.save": "改事项类别",
    "category.add-word": "加紧急词",
    "category.remove-word": "删紧急词",
    "triage-model.train": "学出一版分流建议",
    "triage-model.activate": "换上一版分流建议",
    "triage-model.retire": "停用学到的分流建议",
    "case.push-down-refused": "清单外下派被挡",
    "rule.draft": "新建派单规则",
    "rule.edit": "改派单规则",
    "rule.try": "试派单规则",
    "rule.go-live": "派单规则上线",
    "rule.retire": "停用派单规则",
    "rule.broken": "派单规则派不出去",
    "duty.load": "装入职责清单",
    "duty.set": "定一条职责",
    "duty.end": "停用一条职责",
    "statistics.take": "下载统计表",
    "map.view": "打开一张图",
    "division.load": "装入区划",
    "division.found": "设立区划",
    "division.rename": "区划更名",
    "division.move": "区划划转",
    "division.merge": "区划撤并",
    "division.reorganise": "区划调整",
    "resident.sign-up": "居民注册",
    "resident.set-home": "居民改住处",
    "resident.set-name": "居民填姓名",
    "resident.link-outside": "居民连上外部账号",
    "resident.unlink-outside": "居民断开外部账号",
    "resident.refuse-texts": "居民退订短信",
    "resident.want-texts": "居民恢复短信",
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
    "version": "第几版",
    "digest": "内容指纹",
    "rule": "规则编号",
    "duty": "社区怎么办",
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
    "export": "导出编号",
    "form": "文件",
    "sm3": "文件摘要",
    "seals": "封印数",
    "entries": "记录数",
    "faults": "对不上的",
    "source": "哪里的账号",
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

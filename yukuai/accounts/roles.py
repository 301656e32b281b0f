"""Permissions and roles as data: what the officers of domain.md §1.6 may do."""

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """Which of a grant's places a permission is measured against."""

    CAPTURE = "capture"
    SEARCH = "search"
    STATISTICS = "statistics"
    UNIT = "unit"
    """Only what lies with one's own unit: nobody acts in another's stead (domain.md §1.4)."""
    HOLDER = "holder"
    """Only what is one's own: a key of the row is a key of the actor."""


class Permission(StrEnum):
    CASE_RAISE = "case.raise"
    CASE_OWN = "case.own"
    CASE_FOLLOW = "case.follow"
    CASE_REGISTER = "case.register"
    CASE_VIEW = "case.view"
    CASE_ACCEPT = "case.accept"
    CASE_TRIAGE = "case.triage"
    CASE_DISPATCH = "case.dispatch"
    CASE_HANDLE = "case.handle"
    CASE_HELP = "case.help"
    CASE_REVIEW = "case.review"
    CASE_VISIT = "case.visit"
    CASE_CLOSE = "case.close"
    CASE_APPROVE = "case.approve"
    CASE_SUPERVISE = "case.supervise"
    CASE_SETTLE = "case.settle"
    CASE_LINK = "case.link"
    CASE_ARBITRATE = "case.arbitrate"
    CASE_EXPORT = "case.export"
    RULE_MANAGE = "rule.manage"
    DUTY_MANAGE = "duty.manage"
    ROSTER_MANAGE = "roster.manage"
    EXCHANGE_MANAGE = "exchange.manage"
    BOARD_VIEW = "board.view"
    GLASS_BREAK = "glass.break"
    GLASS_REVIEW = "glass.review"
    DIVISION_MANAGE = "division.manage"
    DEPARTMENT_MANAGE = "department.manage"
    CATEGORY_MANAGE = "category.manage"
    POST_MANAGE = "post.manage"
    CLIENT_MANAGE = "client.manage"
    AUDIT_VIEW = "audit.view"
    DISPUTE_REGISTER = "dispute.register"
    DISPUTE_VIEW = "dispute.view"
    DISPUTE_ASSIGN = "dispute.assign"
    DISPUTE_MEDIATE = "dispute.mediate"
    DISPUTE_RECORD = "dispute.record"
    DISPUTE_OWN = "dispute.own"
    DISPUTE_COUNT = "dispute.count"
    MEDIATOR_MANAGE = "mediator.manage"
    BOUNDARY_DRAW = "boundary.draw"
    BOUNDARY_APPROVE = "boundary.approve"
    MAP_VIEW = "map.view"
    REGISTRY_VIEW = "registry.view"
    REGISTRY_COUNT = "registry.count"
    REGISTRY_EDIT = "registry.edit"
    REGISTRY_REVEAL = "registry.reveal"
    REGISTRY_IMPORT = "registry.import"
    REGISTRY_MERGE = "registry.merge"
    REGISTRY_EXPORT = "registry.export"
    REGISTRY_EXPORT_APPROVE = "registry.export-approve"
    REGISTRY_OWN = "registry.own"
    FACILITY_MANAGE = "facility.manage"
    REPORT_USE = "report.use"
    ELECTION_VIEW = "election.view"
    ELECTION_RUN = "election.run"
    ELECTION_GUIDE = "election.guide"
    ELECTION_REVIEW = "election.review"
    ELECTION_LEAD_REVIEW = "election.lead-review"
    API_READ = "api.read"
    API_WRITE = "api.write"


@dataclass(frozen=True)
class PermissionRule:
    label: str
    reach: Reach = Reach.CAPTURE
    not_own: str = "这件事不是您反映的。"
    """Of the reach HOLDER: what somebody reads who holds no key of the row, or in no such role."""


PERMISSIONS: dict[Permission, PermissionRule] = {
    Permission.CASE_RAISE: PermissionRule("反映事情", Reach.HOLDER),
    Permission.CASE_OWN: PermissionRule("查看、评价和撤回自己的事", Reach.HOLDER),
    Permission.CASE_FOLLOW: PermissionRule("跟进别人反映的同一件事", Reach.HOLDER),
    Permission.CASE_REGISTER: PermissionRule("登记来访来电"),
    Permission.CASE_VIEW: PermissionRule("查看诉求", Reach.SEARCH),
    Permission.CASE_ACCEPT: PermissionRule("受理"),
    Permission.CASE_TRIAGE: PermissionRule("分流"),
    Permission.CASE_DISPATCH: PermissionRule("派单"),
    Permission.CASE_HANDLE: PermissionRule("办理", Reach.UNIT),
    Permission.CASE_HELP: PermissionRule("会办"),
    Permission.CASE_REVIEW: PermissionRule("核查"),
    Permission.CASE_VISIT: PermissionRule("回访"),
    Permission.CASE_CLOSE: PermissionRule("办结"),
    Permission.CASE_APPROVE: PermissionRule("审批退单和延期"),
    Permission.CASE_SUPERVISE: PermissionRule("督办"),
    Permission.CASE_SETTLE: PermissionRule("到期归档"),
    Permission.CASE_LINK: PermissionRule("关联重复的事"),
    Permission.CASE_ARBITRATE: PermissionRule("裁决派单异议"),
    Permission.CASE_EXPORT: PermissionRule("导出诉求"),
    Permission.RULE_MANAGE: PermissionRule("管理派单规则"),
    Permission.DUTY_MANAGE: PermissionRule("管理职责清单"),
    Permission.ROSTER_MANAGE: PermissionRule("排值班"),
    Permission.EXCHANGE_MANAGE: PermissionRule("对接外部系统"),
    Permission.BOARD_VIEW: PermissionRule("看监督板", Reach.STATISTICS),
    Permission.GLASS_BREAK: PermissionRule("临时越区查看"),
    Permission.GLASS_REVIEW: PermissionRule("核查越区查看"),
    Permission.DIVISION_MANAGE: PermissionRule("管理区划"),
    Permission.DEPARTMENT_MANAGE: PermissionRule("管理部门"),
    Permission.CATEGORY_MANAGE: PermissionRule("管理事项类别"),
    Permission.POST_MANAGE: PermissionRule("管理岗位"),
    Permission.CLIENT_MANAGE: PermissionRule("管理接口客户"),
    Permission.AUDIT_VIEW: PermissionRule("查看审计"),
    Permission.DISPUTE_REGISTER: PermissionRule("登记纠纷"),
    Permission.DISPUTE_VIEW: PermissionRule(
        "查看经办的纠纷", Reach.HOLDER, "只有经办的人和司法所看得到。"
    ),
    Permission.DISPUTE_ASSIGN: PermissionRule("指派调解员", Reach.HOLDER, "由司法所来指派。"),
    Permission.DISPUTE_MEDIATE: PermissionRule(
        "主持调解", Reach.HOLDER, "由指派的人民调解员来做。"
    ),
    Permission.DISPUTE_RECORD: PermissionRule(
        "记下当事人的决定", Reach.HOLDER, "由调解员或者司法所来记。"
    ),
    Permission.DISPUTE_OWN: PermissionRule(
        "不接受调解员、退出调解", Reach.HOLDER, "由当事人自己决定。"
    ),
    Permission.DISPUTE_COUNT: PermissionRule("看调解的数字", Reach.STATISTICS),
    Permission.MEDIATOR_MANAGE: PermissionRule("管理人民调解员名册"),
    Permission.BOUNDARY_DRAW: PermissionRule("画下一级的界线"),
    Permission.BOUNDARY_APPROVE: PermissionRule("批准界线"),
    Permission.MAP_VIEW: PermissionRule("看一张图", Reach.SEARCH),
    Permission.REGISTRY_VIEW: PermissionRule("查人和房屋"),
    Permission.REGISTRY_COUNT: PermissionRule("看人和房屋的数字", Reach.STATISTICS),
    Permission.REGISTRY_EDIT: PermissionRule("登记和更正人、房屋、单位"),
    Permission.REGISTRY_REVEAL: PermissionRule("按用途打开证号电话"),
    Permission.REGISTRY_IMPORT: PermissionRule("批量导入"),
    Permission.REGISTRY_MERGE: PermissionRule("合并重复的人"),
    Permission.REGISTRY_EXPORT: PermissionRule("申请导出底数"),
    Permission.REGISTRY_EXPORT_APPROVE: PermissionRule("批准导出底数"),
    Permission.REGISTRY_OWN: PermissionRule(
        "查看和申请更正本人信息", Reach.HOLDER, "只能看您本人的信息。"
    ),
    Permission.FACILITY_MANAGE: PermissionRule("管理设施"),
    Permission.REPORT_USE: PermissionRule("用一表通填报"),
    Permission.ELECTION_VIEW: PermissionRule("看选举", Reach.SEARCH),
    Permission.ELECTION_RUN: PermissionRule("办选举"),
    Permission.ELECTION_GUIDE: PermissionRule("指导选举"),
    Permission.ELECTION_REVIEW: PermissionRule("反馈联审意见", Reach.UNIT),
    Permission.ELECTION_LEAD_REVIEW: PermissionRule("主持候选人联审"),
    Permission.API_READ: PermissionRule("接口查询", Reach.SEARCH),
    Permission.API_WRITE: PermissionRule("接口写入"),
}


class Role(StrEnum):
    CITIZEN = "citizen"
    GRID_WORKER = "grid-worker"
    COMMUNITY_STAFF = "community-staff"
    ELECTION_COMMITTEE = "election-committee"
    TOWNSHIP_OP = "township-op"
    DISTRICT_OP = "district-op"
    CITY_OP = "city-op"
    DEPT_OP = "dept-op"
    MEDIATOR = "mediator"
    JUSTICE_OP = "justice-op"
    SYS_ADMIN = "sys-admin"
    SEC_ADMIN = "sec-admin"
    AUDITOR = "auditor"
    GLASS = "glass"
    API_CLIENT = "api-client"
    API_READER = "api-reader"
    OUTSIDE = "outside"
    SYSTEM = "system"


class Family(StrEnum):
    """Who holds a post of one family holds none of another (三员分立, domain.md §1.6)."""

    BUSINESS = "business"
    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


@dataclass(frozen=True)
class RoleRule:
    label: str
    description: str
    permissions: frozenset[Permission]
    family: Family = Family.BUSINESS
    levels: frozenset[str] = frozenset()
    """The kinds of division at which a post of this role may stand; empty: not a post."""
    department: bool = False
    """The post needs a department."""
    desk: str = ""
    """Posts of this role share a desk: its key (`desk:justice:12`) opens what lies there for it."""


P = Permission
_DESK = frozenset(
    {
        P.CASE_REGISTER,
        P.CASE_VIEW,
        P.CASE_ACCEPT,
        P.CASE_TRIAGE,
        P.CASE_DISPATCH,
        P.CASE_HANDLE,
        P.CASE_HELP,
        P.CASE_REVIEW,
        P.CASE_VISIT,
        P.CASE_CLOSE,
        P.CASE_LINK,
        P.CASE_EXPORT,
        P.ROSTER_MANAGE,
        P.BOARD_VIEW,
    }
)
_OWN_DISPUTES = frozenset({P.DISPUTE_REGISTER, P.DISPUTE_VIEW})
"""Whoever writes a quarrel down sees it until a mediator has it."""
_KEEPING = frozenset(
    {
        P.BOUNDARY_DRAW,
        P.MAP_VIEW,
        P.REGISTRY_VIEW,
        P.REGISTRY_COUNT,
        P.REGISTRY_EDIT,
        P.REGISTRY_REVEAL,
        P.REGISTRY_IMPORT,
        P.REGISTRY_MERGE,
        P.REGISTRY_EXPORT,
        P.FACILITY_MANAGE,
        P.REPORT_USE,
    }
)
"""What a community does that keeps the register of its people, homes and organisations."""
_OVERSEEING = frozenset(
    {
        P.BOUNDARY_DRAW,
        P.BOUNDARY_APPROVE,
        P.MAP_VIEW,
        P.REGISTRY_COUNT,
        P.REGISTRY_EXPORT_APPROVE,
        P.REPORT_USE,
        P.ELECTION_VIEW,
    }
)
"""Whoever stands above it draws, approves and counts; nobody's record is open to him by this."""
_UPPER = _DESK | {
    P.DISPUTE_COUNT,
    P.CASE_APPROVE,
    P.CASE_SUPERVISE,
    P.RULE_MANAGE,
    P.EXCHANGE_MANAGE,
    P.GLASS_BREAK,
}
_TOP = _UPPER | {P.CASE_ARBITRATE, P.DUTY_MANAGE}

ROLES: dict[Role, RoleRule] = {
    Role.CITIZEN: RoleRule(
        "居民",
        "反映事情、查进度、评价自己的事，跟进邻居反映的同一件事；作为调解的当事人表达意愿；查看和申请更正本人的信息。",
        frozenset({P.CASE_RAISE, P.CASE_OWN, P.CASE_FOLLOW, P.DISPUTE_OWN, P.REGISTRY_OWN}),
    ),
    Role.GRID_WORKER: RoleRule(
        "网格员",
        "看本社区的事和图，替居民登记。",
        frozenset({P.CASE_REGISTER, P.CASE_VIEW, P.MAP_VIEW, P.REGISTRY_COUNT}) | _OWN_DISPUTES,
        levels=frozenset({"community"}),
    ),
    Role.COMMUNITY_STAFF: RoleRule(
        "社区干部",
        "受理、分流、办理、核查和回访本社区的事，管本社区的底数，画小组、网格和小区的界线；看本社区的选举。",
        _DESK | _OWN_DISPUTES | _KEEPING | {P.ELECTION_VIEW},
        levels=frozenset({"community"}),
    ),
    Role.ELECTION_COMMITTEE: RoleRule(
        "选举委员会",
        "办本社区的选举：公告、登记、名单、申诉。查本社区的底数，不改。",
        frozenset({P.ELECTION_VIEW, P.ELECTION_RUN, P.REGISTRY_VIEW}),
        levels=frozenset({"community"}),
    ),
    Role.TOWNSHIP_OP: RoleRule(
        "乡镇（街道）工作人员",
        "派单、审批退单延期、核查、督办本乡镇（街道）的事；查本乡镇的底数，画村（社区）的界线；指导选举。",
        _UPPER
        | _OVERSEEING
        | {P.REGISTRY_VIEW, P.REGISTRY_REVEAL, P.FACILITY_MANAGE, P.ELECTION_GUIDE},
        levels=frozenset({"township"}),
    ),
    Role.DISTRICT_OP: RoleRule(
        "区县工作人员",
        "区县一级派单、督办、看板；画乡镇（街道）的界线，批准下级的界线和导出；主持候选人联审。",
        _TOP | _OVERSEEING | {P.ELECTION_LEAD_REVIEW},
        levels=frozenset({"district", "zone"}),
    ),
    Role.CITY_OP: RoleRule(
        "市级工作人员",
        "全市督办、看板；画区县的界线，批准下级的界线和导出。",
        _TOP | _OVERSEEING,
        levels=frozenset({"city"}),
    ),
    Role.DEPT_OP: RoleRule(
        "部门经办人",
        "签收、办理、答复派给本部门的事；反馈对被提名人的联审意见。",
        frozenset({P.CASE_VIEW, P.CASE_HANDLE, P.CASE_HELP, P.MAP_VIEW, P.ELECTION_REVIEW}),
        levels=frozenset({"township", "district", "zone", "city"}),
        department=True,
    ),
    Role.MEDIATOR: RoleRule(
        "人民调解员",
        "调解指派给自己的纠纷；别的纠纷看不到。",
        _OWN_DISPUTES | {P.DISPUTE_MEDIATE, P.DISPUTE_RECORD},
        levels=frozenset({"community", "township"}),
    ),
    Role.JUSTICE_OP: RoleRule(
        "司法所（局）工作人员",
        "指派调解员、看本所的纠纷、管调解员名册；区县只看数字。",
        _OWN_DISPUTES | {P.DISPUTE_ASSIGN, P.DISPUTE_RECORD, P.DISPUTE_COUNT, P.MEDIATOR_MANAGE},
        levels=frozenset({"township", "district", "zone"}),
        desk="justice",
    ),
    Role.SYS_ADMIN: RoleRule(
        "系统管理员",
        "区划、部门、类别等字典；不看业务内容。",
        frozenset({P.DIVISION_MANAGE, P.DEPARTMENT_MANAGE, P.CATEGORY_MANAGE}),
        family=Family.SYSTEM,
        levels=frozenset({"city", "district", "zone"}),
    ),
    Role.SEC_ADMIN: RoleRule(
        "安全管理员",
        "岗位授权、接口客户、越区查看的核查；不看业务内容。",
        frozenset({P.POST_MANAGE, P.CLIENT_MANAGE, P.GLASS_REVIEW}),
        family=Family.SECURITY,
        levels=frozenset({"city", "district", "zone"}),
    ),
    Role.AUDITOR: RoleRule(
        "审计管理员",
        "查看审计记录；不看业务内容。",
        frozenset({P.AUDIT_VIEW}),
        family=Family.AUDIT,
        levels=frozenset({"city", "district", "zone"}),
    ),
    Role.GLASS: RoleRule("临时越区查看", "写明理由后三小时内只看不动。", frozenset({P.CASE_VIEW})),
    Role.API_CLIENT: RoleRule(
        "接口客户",
        "按登记的目的读写。",
        frozenset({P.API_READ, P.API_WRITE, P.CASE_REGISTER, P.CASE_VIEW}),
    ),
    Role.API_READER: RoleRule(
        "只读接口客户", "按登记的目的只读不写。", frozenset({P.API_READ, P.CASE_VIEW})
    ),
    Role.OUTSIDE: RoleRule(
        "外部系统",
        "按状态对照表转达外部系统的进展，把它收到的事交进来。",
        frozenset({P.CASE_REGISTER, P.CASE_VIEW, P.CASE_HELP}),
    ),
    Role.SYSTEM: RoleRule("系统", "到期自动处理和通知。", frozenset(Permission)),
}


def is_post_role(role: Role) -> bool:
    """Roles that a person is appointed to; the others arise by themselves."""
    return bool(ROLES[role].levels)

"""Why a matter may be turned away: the grounds of domain.md §4.2 (不受理), each with its source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ground:
    label: str
    plain: str
    law: str
    channel: str
    """What to tell the resident, as a beginning."""


_BJJ = "参照北京市接诉即办工作条例第十一条；重庆暂无同类规定，可由市级改为本地依据"
_WF = "参照潍坊市12345政务服务便民热线条例第十九条；可由市级改为本地依据"

REJECTIONS: dict[str, Ground] = {
    "court": Ground(
        "应走诉讼、仲裁、复议、监察",
        "应当由法院、仲裁、行政复议或监察机关处理",
        _BJJ,
        "可以到司法所咨询，或打 12348 法律服务热线。",
    ),
    "petition": Ground(
        "已进入信访", "信访部门已经在办", _WF, "请凭信访编号向原受理的信访部门查询。"
    ),
    "disclosure": Ground(
        "属于申请政府信息公开",
        "要走政府信息公开的申请",
        _BJJ,
        "请向对应的政府部门提出信息公开申请。",
    ),
    "duplicate": Ground(
        "正在办或办结无新情况的重复件",
        "同一件事正在办，或者已经办结、没有新情况",
        _WF,
        "请用原来的单号查进度；有新情况请写出来再反映。",
    ),
    "secret": Ground(
        "涉及国家秘密、商业秘密、他人隐私",
        "涉及国家秘密、商业秘密或别人的隐私",
        _BJJ,
        "请不要在这里写，当面到有权的单位说明。",
    ),
    "unlawful": Ground(
        "违法或违背公序良俗", "内容违法或违背公序良俗", _BJJ, "如有合法诉求，请另写一件。"
    ),
}

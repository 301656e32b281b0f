"""The duty list in words, for pages: which never import the models."""

from yukuai.cases.models.duties import Duty

DUTIES = {
    Duty.MUST.value: "应由社区办\n大事也可以交社区，由社区牵头",
    Duty.ASSIST.value: "社区协助\n由部门牵头，大事不能派给社区",
    Duty.NOT.value: "不得交社区\n一律由有职责的部门办",
}
TONES = {Duty.MUST.value: "done", Duty.ASSIST.value: "run", Duty.NOT.value: "off"}
PLAIN = {
    Duty.MUST.value: "社区办",
    Duty.ASSIST.value: "部门办，社区帮忙",
    Duty.NOT.value: "部门办，不交给社区",
}
"""As residents read it, in the order of the page."""

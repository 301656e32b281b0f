"""A quarrel goes from a matter to mediation: asked first, with the words that are already there."""

from datetime import datetime

from yukuai.disputes.queries import list_kinds
from yukuai.flows.mediation import Wish, send_to_mediation
from yukuai.workbench.casework.forms.base import DeedForm
from yukuai.workbench.fields import choice, line, select, words

NEIGHBOURS = "neighbour"


class ToMediationForm(DeedForm):
    layouts = {"agreed": "row"}
    agreed = choice(
        "问过他，同意转人民调解吗", [("yes", "同意"), ("no", "不同意")], "先问他同不同意。"
    )
    how = line("怎么问的", required=False, help="例如：电话里、当面。会记下来。")
    kind = select("纠纷类型", [], "选一个纠纷类型。")
    respondent_name = line("对方姓名", "写上对方的姓名。")
    respondent_phone = line("对方手机号", required=False)
    applicant_name = line(
        "反映人姓名", required=False, help="他留的是称呼时，写全名；留了全名就不用写。"
    )
    about = words("争的是什么", "写明双方争的是什么。", rows=5, help="只有调解员和司法所看得到。")

    def prepare(self) -> None:
        kinds = [(kind.code, kind.name) for kind in list_kinds(self.actor)]
        self.fields["kind"].choices = [("", "选一个类型"), *kinds]  # type: ignore[attr-defined]
        self.propose(kind=NEIGHBOURS, about=self.case.body)

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        wish = Wish(
            agreed=said["agreed"] == "yes",
            how=said["how"],
            kind=said["kind"],
            about=said["about"],
            respondent=said["respondent_name"],
            respondent_phone=said["respondent_phone"],
            applicant=said["applicant_name"],
        )
        return send_to_mediation(self.actor, case_id=self.case.pk, wish=wish, at=at)

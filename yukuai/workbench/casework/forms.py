"""The small form of each move: it parses what was typed and calls one action. What may be and what
may not is said by the action; its sentence comes back to the field it names."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import list_departments
from yukuai.cases import actions
from yukuai.cases.actions.closing import Answers
from yukuai.cases.advice import advice_sentence, advise_triage
from yukuai.cases.queries import list_categories
from yukuai.cases.rejections import REJECTIONS
from yukuai.cases.states import Outcome, Solved, Triage
from yukuai.cases.targets import draft_opinion, parse_key
from yukuai.divisions.queries import find_divisions
from yukuai.workbench.fields import FilesField, choice, line, number, select, tidy, words
from yukuai.workflow.queries import list_changes

if TYPE_CHECKING:
    from yukuai.cases.models import Case

TRIAGES = [
    (Triage.MAJOR.value, "大事\n政府办"),
    (Triage.MINOR.value, "小事\n社区办"),
    (Triage.PRIVATE.value, "私事\n帮引路"),
]
YES_NO = [("yes", "是"), ("no", "否")]
DIVISIONS_SHOWN = 12


class DeedForm(forms.Form):
    """The fields of one move. `act` makes it."""

    use_required_attribute = False
    layouts: dict[str, str] = {}
    """How radio buttons lie: row or picks, by field."""

    def __init__(self, *args: Any, actor: Actor, case: "Case", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.case = actor, case
        self.prepare()

    def prepare(self) -> None:
        """Choices and prefilled words; a step of a reading."""

    def propose(self, **values: object) -> None:
        for name, value in values.items():
            self.fields[name].initial = value

    def rows(self) -> list[dict[str, Any]]:
        """The fields as parts/field.html takes them, in their order."""
        return [
            {
                "bound": bound,
                "is_photos": isinstance(bound.field, FilesField),
                "layout": self.layouts.get(bound.name, ""),
            }
            for bound in self.visible_fields()
        ]

    def act(self, *, at: datetime) -> object:
        raise NotImplementedError

    def typed(self) -> list[tuple[str, str]]:
        """What was written by hand, to be kept when the form itself is of no use any more."""
        texts = (b for b in self.visible_fields() if isinstance(b.field.widget, forms.Textarea))
        return [(str(b.label), str(b.value())) for b in texts if b.value()]


class AcceptForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.accept_case(self.actor, case_id=self.case.pk, at=at)


class RejectForm(DeedForm):
    reason = choice(
        "为什么不受理",
        [(code, f"{ground.label}\n{ground.channel}") for code, ground in REJECTIONS.items()],
        "选一个不受理的理由。",
    )
    channel = words(
        "告诉居民该找哪里",
        rows=3,
        required=False,
        help="不写，就用所选理由下面的那一句。能写清单位、电话、地址最好。",
    )

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        channel = self.cleaned_data["channel"] or REJECTIONS[reason].channel
        return actions.reject_case(
            self.actor, case_id=self.case.pk, reason=reason, channel=channel, at=at
        )


class TriageForm(DeedForm):
    triage = choice("归哪一类？", TRIAGES, "先选大事、小事还是私事。")
    category = select("事项类别", [], "重新选一类，或者不选。", required=False)

    def prepare(self) -> None:
        self.advice = advise_triage(self.actor, case=self.case)
        self.advice_said = advice_sentence(self.advice)
        options = [(str(c.pk), c.name) for c in list_categories(self.actor)]
        field = self.fields["category"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "还没定"), *options]
        self.propose(triage=self.advice.triage, category=self.advice.category_id)

    @property
    def picks(self) -> list[tuple[str, str, str]]:
        """Each radio button with its word and the few words below it."""
        options = self["triage"].subwidgets
        return [(one.tag(), *str(one.choice_label).split("\n")) for one in options]  # type: ignore[misc]

    def act(self, *, at: datetime) -> object:
        return actions.triage_case(
            self.actor,
            case_id=self.case.pk,
            triage=self.cleaned_data["triage"],
            category_id=number(self.cleaned_data["category"]),
            suggestion=self.advice_said,
            at=at,
        )


class RetriageForm(TriageForm):
    reason = words("为什么改判", "写明为什么改判。", rows=3)

    def prepare(self) -> None:
        super().prepare()
        self.propose(triage=self.case.triage, category=self.case.category_id)

    def act(self, *, at: datetime) -> object:
        return actions.retriage_case(
            self.actor,
            case_id=self.case.pk,
            triage=self.cleaned_data["triage"],
            category_id=number(self.cleaned_data["category"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )


class GuideForm(DeedForm):
    answer = words("给居民的办法", "写明给居民的办法，才能答复。", rows=7)

    def act(self, *, at: datetime) -> object:
        return actions.guide_case(
            self.actor, case_id=self.case.pk, answer=self.cleaned_data["answer"], at=at
        )


class DispatchForm(DeedForm):
    """The unit is chosen in the tree beside it (`dispatching`)."""

    unit = line("派给谁", "选一个单位。")
    opinion = words("交办意见", rows=3, required=False)

    def prepare(self) -> None:
        self.propose(opinion=draft_opinion(self.case))

    def act(self, *, at: datetime) -> object:
        unit_id, department_id = parse_key(self.cleaned_data["unit"])
        return actions.dispatch_case(
            self.actor,
            case_id=self.case.pk,
            unit_id=unit_id,
            department_id=department_id,
            opinion=self.cleaned_data["opinion"],
            at=at,
        )


class SignForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.sign_case(self.actor, case_id=self.case.pk, at=at)


class RequestReturnForm(DeedForm):
    reason = words("理由", "写明为什么不归您单位管，该归谁。", help="写清该归谁，上级好重新派。")

    def act(self, *, at: datetime) -> object:
        return actions.request_return(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class GrantReturnForm(DeedForm):
    reason = words("意见", required=False, rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_return(
            self.actor, case_id=self.case.pk, granted=True, reason=reason, at=at
        )


class RefuseReturnForm(DeedForm):
    reason = words("为什么不同意", "写明为什么不同意。", rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_return(
            self.actor, case_id=self.case.pk, granted=False, reason=reason, at=at
        )


class AskHelpForm(DeedForm):
    department = select("请哪个部门", [], "选一个部门。")
    question = words("请他们做什么", "写明请他们做什么。", rows=3)

    def prepare(self) -> None:
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in list_departments(self.actor, area=self.case.area):
            if one.pk != self.case.unit_department_id:
                groups.setdefault(one.division.name, []).append((str(one.pk), one.name))
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "选一个部门"), *reversed(groups.items())]

    def act(self, *, at: datetime) -> object:
        return actions.ask_help(
            self.actor,
            case_id=self.case.pk,
            department_id=int(self.cleaned_data["department"]),
            question=self.cleaned_data["question"],
            at=at,
        )


class GiveHelpForm(DeedForm):
    opinion = words("会办意见", "写明会办意见。", rows=6)

    def act(self, *, at: datetime) -> object:
        return actions.give_help(
            self.actor, case_id=self.case.pk, opinion=self.cleaned_data["opinion"], at=at
        )


def _days() -> forms.IntegerField:
    said = {"required": "写还要几个工作日，例如 5。", "invalid": "这里填数字，例如 5。"}
    return forms.IntegerField(label="还要几个工作日", error_messages=said)


class AskExtensionForm(DeedForm):
    working_days = _days()
    reason = words("理由", "写明为什么要延期。", rows=3)

    def act(self, *, at: datetime) -> object:
        return actions.ask_extension(
            self.actor,
            case_id=self.case.pk,
            working_days=self.cleaned_data["working_days"],
            reason=self.cleaned_data["reason"],
            at=at,
        )


class GrantExtensionForm(DeedForm):
    working_days = _days()
    reason = words("意见", required=False, rows=3)

    def prepare(self) -> None:
        asked = list_changes(self.actor, obj=self.case).filter(move="ask_extension").first()
        if asked is not None:
            self.propose(working_days=asked.data.get("working_days"))

    def act(self, *, at: datetime) -> object:
        return actions.decide_extension(
            self.actor,
            case_id=self.case.pk,
            granted=True,
            working_days=self.cleaned_data["working_days"],
            reason=self.cleaned_data["reason"],
            at=at,
        )


class RefuseExtensionForm(DeedForm):
    reason = words("为什么不同意", "写明为什么不同意。", rows=3)

    def act(self, *, at: datetime) -> object:
        reason = self.cleaned_data["reason"]
        return actions.decide_extension(
            self.actor, case_id=self.case.pk, granted=False, reason=reason, at=at
        )


class ReplyForm(DeedForm):
    layouts = {"outcome": "row"}
    outcome = choice("办理结果", Outcome.choices, "选一个办理结果。")
    answer = words(
        "给居民的答复", "写明给居民的答复。", rows=6, help="居民会原样看到。写办了什么、结果怎样。"
    )
    photos = FilesField(label="办理后的照片", required=False)

    def act(self, *, at: datetime) -> object:
        return actions.reply_case(
            self.actor,
            case_id=self.case.pk,
            answer=self.cleaned_data["answer"],
            outcome=self.cleaned_data["outcome"],
            photos=self.cleaned_data["photos"],
            at=at,
        )


class ReviewForm(DeedForm):
    words = words(
        "核查情况", required=False, rows=3, help="怎么核查的、看到什么。居民看不到这一段。"
    )

    def act(self, *, at: datetime) -> object:
        return actions.review_case(
            self.actor, case_id=self.case.pk, words=self.cleaned_data["words"], at=at
        )


class SendBackForm(DeedForm):
    reason = words("还差什么", "写明还差什么，承办单位好接着办。")

    def act(self, *, at: datetime) -> object:
        return actions.send_back(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class VisitForm(DeedForm):
    layouts = dict.fromkeys(("reached", "channel", "contacted", "solved", "satisfied"), "row")
    channel = choice("怎么回访的", [("phone", "打电话"), ("home", "上门"), ("other", "别的办法")])
    reached = choice(
        "问到了吗", [("yes", "问到了"), ("no", "没联系上")], "选问到了，还是没联系上。"
    )
    contacted = choice("承办单位联系过他吗", YES_NO, required=False)
    solved = choice("解决了吗", Solved.choices, required=False)
    satisfied = choice("满意吗", [("yes", "满意"), ("no", "不满意")], required=False)
    words = words("他还说了什么", required=False, rows=3)
    close = forms.BooleanField(label="同时办结，请他评价", required=False, initial=True)

    def prepare(self) -> None:
        self.propose(channel="phone")

    def act(self, *, at: datetime) -> object:
        said = self.cleaned_data
        answers = Answers(
            contacted={"yes": True, "no": False}.get(said["contacted"]),
            solved=said["solved"],
            satisfied={"yes": True, "no": False}.get(said["satisfied"]),
            words=said["words"],
        )
        return actions.record_visit(
            self.actor,
            case_id=self.case.pk,
            reached=said["reached"] == "yes",
            answers=answers,
            channel=said["channel"],
            close=said["close"],
            at=at,
        )


class CloseForm(DeedForm):
    def act(self, *, at: datetime) -> object:
        return actions.close_case(self.actor, case_id=self.case.pk, at=at)


class NoteForm(DeedForm):
    words = words("做了什么", "写明做了什么。")
    public = forms.BooleanField(label="让居民也看到这一段", required=False)

    def act(self, *, at: datetime) -> object:
        return actions.add_note(
            self.actor,
            case_id=self.case.pk,
            words=self.cleaned_data["words"],
            public=self.cleaned_data["public"],
            at=at,
        )


class SuperviseForm(DeedForm):
    reason = words("督办什么", "写明督办什么。", help="只提醒承办单位，不排名，不通报个人。")

    def act(self, *, at: datetime) -> object:
        return actions.supervise_case(
            self.actor, case_id=self.case.pk, reason=self.cleaned_data["reason"], at=at
        )


class AnswerSupervisionForm(DeedForm):
    answer = words("回复", "写明现在办到哪一步、什么时候办完。")

    def act(self, *, at: datetime) -> object:
        return actions.answer_supervision(
            self.actor, case_id=self.case.pk, answer=self.cleaned_data["answer"], at=at
        )


class RelocateForm(DeedForm):
    """`q` finds the community; a GET of the same page fills the list."""

    division = select("改到哪个社区", [], "请选一个村或社区。")
    reason = words("为什么改地点", "写明为什么改地点。", rows=3)

    def prepare(self) -> None:
        self.q = tidy(self.data.get("q") or self.initial.get("q"))
        found = find_divisions(self.actor, text=self.q, kinds=["community"], limit=DIVISIONS_SHOWN)
        field = self.fields["division"]
        assert isinstance(field, forms.ChoiceField)
        field.widget = forms.RadioSelect()
        field.choices = [(str(hit.id), f"{hit.name}\n{hit.place}") for hit in found]

    def act(self, *, at: datetime) -> object:
        return actions.relocate_case(
            self.actor,
            case_id=self.case.pk,
            division_id=int(self.cleaned_data["division"]),
            reason=self.cleaned_data["reason"],
            at=at,
        )

"""Forms of the steps of an election."""

from collections.abc import Iterable
from typing import Any

from django import forms

from yukuai.elections.actions import Chosen, Met
from yukuai.elections.offices import Office, Seats
from yukuai.elections.states import Chair, Electorate, Halt, MeetingKind
from yukuai.workbench.admin.asking import AdminForm, DayField
from yukuai.workbench.fields import choice, line, words

OFFICES = {choice.label: choice.value for choice in Chair}
SCAN = "PDF 或照片，可以不传。"


def whole(label: str, sentence: str, *, least: int = 0, most: int = 99_999, **more: Any) -> Any:
    said = {"required": sentence, "invalid": sentence}
    said |= {"min_value": sentence, "max_value": sentence}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        error_messages=said,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **more,
    )


def scan(label: str = "文件的扫描件") -> forms.FileField:
    return forms.FileField(label=label, required=False, help_text=SCAN)


class StepForm(AdminForm):
    def told(self) -> dict[str, Any]:
        """What the action is told."""
        return dict(self.cleaned_data)


class PickForm(AdminForm):
    """A form whose choices are known when it is shown."""

    def offer(self, field: str, choices: Iterable[tuple[Any, str]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(choices)


class GuidanceForm(StepForm):
    document = line(
        "成立指导机构的文件", "写明文件名称和文号。", help="例如：大溪沟街道〔2026〕12 号"
    )
    trained_on = DayField("培训日期", help_text="选举工作人员什么时候培训的。")
    upload = scan()


class MeetingForm(StepForm):
    kind = choice("什么会议", MeetingKind.choices, "选一种会议。")
    held_on = DayField("哪天开的")
    entitled = whole("应到多少人", "填应到人数。", least=1)
    present = whole("到会多少人", "填到会人数。", least=1)
    agreed = whole("多少人同意", "填同意人数。")

    def met(self) -> Met:
        said = self.cleaned_data
        names = ("kind", "held_on", "entitled", "present", "agreed")
        return Met(**{name: said[name] for name in names})


class CommitteeForm(MeetingForm):
    members = words(
        "成员，一行一人",
        "写明成员，一行一人。",
        rows=7,
        help="姓名后面空一格写职务：主任、副主任、委员。不写职务的是候补，按顺序递补。",
    )
    spots = words("公告贴在哪里，一行一处", "写明张贴点，一行一处。", rows=4)
    place = line(
        "到哪里咨询",
        "写明地点和时间。",
        help="印在每份公告下面，例如：人和街88号社区服务大厅（工作日 9:00–17:30）",
    )
    upload = scan("会议记录的扫描件")

    def clean_members(self) -> tuple[Chosen, ...]:
        return tuple(
            _chosen(one) for one in self.cleaned_data["members"].splitlines() if one.strip()
        )

    def clean_spots(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["spots"].splitlines())

    def told(self) -> dict[str, Any]:
        said = self.cleaned_data
        names = ("spots", "place", "upload")
        return {"met": self.met(), "chosen": said["members"], **{one: said[one] for one in names}}


def _chosen(typed: str) -> Chosen:
    name, _space, office = " ".join(typed.split()).rpartition(" ")
    if office in OFFICES and name:
        return Chosen(name, OFFICES[office])
    return Chosen(" ".join(typed.split()))


class PlanForm(MeetingForm):
    seats_chair = whole("主任几人", "主任是 1 人。", least=1, most=1)
    seats_vice = whole("副主任几人", "填副主任人数，不设填 0。", most=9)
    seats_member = whole("委员几人", "填委员人数。", most=9)
    seats_woman = whole(
        "妇女委员单列几人",
        "填 0 或人数。",
        most=3,
        help_text="选举办法单列妇女委员的才填，平常填 0。",
    )
    electorate = choice("谁来投票", Electorate.choices, "选谁来投票。")
    day = DayField("选举日")
    upload = scan("选举办法的扫描件")

    def told(self) -> dict[str, Any]:
        said = self.cleaned_data
        contests = [
            Seats(office, said[f"seats_{office}"]) for office in Office if said[f"seats_{office}"]
        ]
        names = ("electorate", "day", "upload")
        return {"met": self.met(), "contests": contests, **{one: said[one] for one in names}}


class DayForm(StepForm):
    day = DayField("改到哪天")
    reason = words("为什么改期", "写明为什么改期。", rows=3)


class RegistrationForm(StepForm):
    closes = DayField("登记到哪天", help_text="到名单公布以前。")


class NominatingForm(StepForm):
    closes = DayField("提名到哪天", help_text="留出联审的时间，再公布正式候选人。")


class CandidatesForm(StepForm):
    extra = whole(
        "每个职务的候选人比应选多几人",
        "填 1 到 9。",
        least=1,
        most=9,
        help_text="按提名多少取，和最后一名相等的都列为候选人。",
    )


class HaltForm(StepForm):
    halt = choice("怎么停", Halt.choices, "选延期还是暂停调查。")
    reason = words("依据的文件和事由", "写明依据的文件和事由。", rows=3)
    upload = scan()


class ReasonForm(StepForm):
    reason = words("理由", "写明理由，以后查得到。", rows=3)


class PlainForm(StepForm):
    """Nothing is asked but whether it is meant."""

import pytest
from django.core.management import CommandError, call_command

from config.environment import BASE
from tests.conftest import NOON
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.kernel.errors import InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import MessageTemplate
from yukuai.messaging.templates import Loaded, edit_template, load_templates, read_templates

pytestmark = pytest.mark.django_db
SHIPPED = BASE / "seed/message_templates.csv"
CITY = Actor("市管理员", (Grant(Role.SYS_ADMIN, "1."),), ("user:5",), 5)
EDIT = {"code": "case-accepted", "channel": "sms", "title": "", "text": "{number} 收下了。"}


@pytest.fixture
def shipped():
    load_templates(SYSTEM, templates=read_templates(SHIPPED))


def accepted() -> MessageTemplate:
    return MessageTemplate.objects.get(code="case-accepted", channel="sms")


def test_templates_are_loaded_once_however_often_they_are_loaded(capsys):
    count = len(read_templates(SHIPPED))
    call_command("load_message_templates")
    call_command("load_message_templates")
    assert capsys.readouterr().out == (
        f"message templates: {count} new, 0 changed, 0 same\n"
        f"message templates: 0 new, 0 changed, {count} same\n"
    )
    assert MessageTemplate.objects.count() == count


def test_a_new_release_changes_the_words_nobody_edited(shipped):
    edit_template(CITY, **EDIT, at=NOON)
    release = [t for t in read_templates(SHIPPED) if t.code.startswith("case-")]
    for template in release:
        template.text += "谢谢。"
    done = load_templates(SYSTEM, templates=release)
    assert done == Loaded(0, len(release) - 1, 1)
    assert accepted().text == "{number} 收下了。"
    assert MessageTemplate.objects.get(code="case-closed", channel="sms").text.endswith("谢谢。")


def test_a_broken_file_changes_nothing(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text(
        "code,channel,urgent,placeholders,title,text\na,sms,no,,,您好。\nb,fax,no,,,好\n"
    )
    with pytest.raises(CommandError, match="第 3 行"):
        call_command("load_message_templates", path)
    assert MessageTemplate.objects.count() == 0


def test_the_citys_administrator_edits_the_words_and_the_audit_remembers_the_old_ones(shipped):
    before = accepted().text
    edit_template(CITY, **EDIT, at=NOON)
    assert (accepted().text, accepted().edited) == ("{number} 收下了。", True)
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="messaging.edit_template")
    assert (entry.area, entry.target, entry.details) == (
        "1.",
        "case-accepted (sms)",
        {"was": before},
    )


@pytest.mark.parametrize(
    ("changes", "field", "fault"),
    [
        ({"text": "{phone}"}, "text", "这里不能用 {phone}。可以用的：{number}、{due}。"),
        ({"text": " "}, "text", "写上内容。"),
        ({"title": "{phone}"}, "title", "这里不能用 {phone}。可以用的：{number}、{due}。"),
        ({"channel": "inbox", "title": " "}, "title", "写上标题。"),
    ],
)
def test_words_that_cannot_be_sent_are_refused_by_field(shipped, changes, field, fault):
    before = accepted().text
    with pytest.raises(InvalidInput) as refused:
        edit_template(CITY, **{**EDIT, **changes}, at=NOON)
    assert refused.value.fields == {field: fault}
    assert (accepted().text, accepted().edited) == (before, False)


@pytest.mark.parametrize(
    "actor",
    [
        Actor("区管理员", (Grant(Role.SYS_ADMIN, "1.2."),)),
        Actor("市经办", (Grant(Role.CITY_OP, "1."),)),
    ],
)
def test_nobody_else_edits_the_words_of_the_whole_city(shipped, actor):
    before = accepted().text
    with pytest.raises(NotPermitted):
        edit_template(actor, **EDIT, at=NOON)
    assert accepted().text == before


def test_a_template_that_does_not_exist_is_not_made_by_editing(shipped):
    with pytest.raises(NotFound):
        edit_template(CITY, **{**EDIT, "code": "nothing"}, at=NOON)

"""What a move of a dispute sets going: whose turn it is, both sides, the papers. Once each."""

import io
from uuid import uuid4

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from tests.casework import CLERK, enforcement, lamps, pack, places, raised, squad, steps
from tests.conftest import NOON
from tests.mediation import (
    APPLICANT,
    LI,
    WANG,
    dispute_pack,
    kinds,
    mediators,
    party_of,
    registered,
    staff,
    walk,
)
from tests.mediation import read as read_dispute
from tests.mediation import steps as dispute_steps
from yukuai.accounts.models import Resident, User
from yukuai.accounts.policy import SYSTEM
from yukuai.cases import actions as cases
from yukuai.cases.models import Case
from yukuai.disputes.models import Dispute, Particulars
from yukuai.disputes.queries import opened
from yukuai.documents.models import IssuedDocument
from yukuai.documents.paper import document_pdf
from yukuai.documents.queries import find_verification, get_document, list_documents
from yukuai.flows.deadline_messages import announce_deadline
from yukuai.flows.dispute_documents import issue_dispute_paper
from yukuai.flows.dispute_messages import announce_dispute_deadline, announce_dispute_move
from yukuai.flows.mediation import Wish, register_from_case, send_to_mediation
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Delivery, Message
from yukuai.workflow.models import Deadline, StateChange

__all__ = [
    "dispute_pack",
    "enforcement",
    "kinds",
    "lamps",
    "mediators",
    "pack",
    "places",
    "raised",
    "registered",
    "squad",
    "staff",
    "steps",
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def templates(db):
    call_command("load_message_templates", verbosity=0)


@pytest.fixture
def moves(staff, mediators):
    return dispute_steps.__wrapped__(staff, mediators)


def announce(dispute):
    with scope(EVERYWHERE):
        rows = StateChange.objects.filter(workflow="dispute", object_id=dispute.pk)
        last = rows.order_by("-pk").first()
    for _twice in range(2):
        announce_dispute_move(
            SYSTEM, dispute_id=dispute.pk, change_id=last.pk, move=last.move, at=NOON
        )


def told():
    with scope(EVERYWHERE):
        inbox = Message.objects.order_by("pk").values_list("recipient_id", "kind")
        texts = Delivery.objects.order_by("pk")
        return list(inbox), [(one.phone, one.template) for one in texts]


def test_a_new_dispute_is_told_to_the_desk_of_its_office_alone(registered):
    announce(registered())
    assert told() == ([(22, "dispute-to-assign")], [])


def test_both_sides_hear_who_mediates_and_each_at_his_own_number(registered, moves):
    User.objects.create(pk=APPLICANT.user_id, username="wang")
    with scope(EVERYWHERE):
        Resident.objects.create(
            user_id=APPLICANT.user_id,
            phone=WANG,
            phone_hash=APPLICANT.holders[1].removeprefix("phone:"),
            holders=list(APPLICANT.holders),
        )
    dispute = walk(registered(), moves, "assigned")
    announce(dispute)
    inbox, texts = told()
    assert inbox == [(13, "dispute-yours"), (801, "mediation-mediator")]
    assert texts == [(WANG, "mediation-mediator"), (LI, "mediation-mediator")]


def test_no_message_says_what_it_is_about_or_who_the_other_is(registered, moves):
    dispute = registered()
    for name in ("assign", "mediate", "hold_session", "agree", "take_effect", "visit", "archive"):
        moves[name](dispute)
        announce(dispute)
    with scope(EVERYWHERE):
        said = [f"{m.title}{m.body}" for m in Message.objects.all()]
        said += [d.text for d in Delivery.objects.all()]
    assert len(said) > 3
    for words in said:
        for secret in ("王小满", "李大有", WANG, LI, "漏水", "1200"):
            assert secret not in words


def test_whoever_lost_it_hears_that_he_sees_it_no_more(registered, moves):
    dispute = walk(registered(), moves, "assigned")
    moves["refuse"](dispute)
    announce(dispute)
    assert told()[0] == [(22, "dispute-again"), (13, "dispute-taken-back")]


def test_the_thirty_days_for_the_court_are_told_to_mediator_and_both_sides(registered, moves):
    dispute = walk(registered(), moves, "fulfilment")
    with scope(EVERYWHERE):
        clock = Deadline.objects.get(workflow="dispute", object_id=dispute.pk, name="confirm")
    for _twice in range(2):
        announce_dispute_deadline(SYSTEM, deadline_id=clock.pk, percent=80, at=NOON)
        announce_deadline(SYSTEM, deadline_id=clock.pk, percent=80, at=NOON)
    inbox, texts = told()
    assert inbox == [(13, "deadline-80")]
    assert texts == [(WANG, "mediation-confirm"), (LI, "mediation-confirm")]
    with scope(EVERYWHERE):
        assert "4月1日 24:00 前" in Delivery.objects.first().text


def papers_of(dispute, actor):
    with scope(actor.areas, actor.holders), opened(actor, dispute) as bearer:
        return list(list_documents(bearer, subject="dispute", object_id=dispute.pk))


def test_each_session_the_agreement_and_the_thirty_days_are_printed_once(registered, moves, staff):
    dispute = registered()
    for name in ("assign", "mediate", "hold_session", "hold_session", "agree", "take_effect"):
        moves[name](dispute)
        if name in ("hold_session", "agree", "take_effect"):
            for _twice in range(2):
                issue_dispute_paper(SYSTEM, dispute_id=dispute.pk, move=name, at=NOON)
    papers = papers_of(dispute, staff["mediator"])
    assert [paper.number for paper in papers] == [
        "南社区人民调解委员会民调确〔2026〕1号",
        "南社区人民调解委员会民调协〔2026〕1号",
        "南社区人民调解委员会民调记〔2026〕2号",
        "南社区人民调解委员会民调记〔2026〕1号",
    ]
    text = text_of(papers[1], dispute, staff["mediator"])
    for said in ("王小满", "李大有", "楼上赔 1200 元，修好水管。", "2026年3月12日前", "印章"):
        assert said in text
    assert "天花板" in text


def text_of(paper, dispute, actor):
    with scope(actor.areas, actor.holders), opened(actor, dispute):
        data = document_pdf(paper)
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def agreed_paper(registered, moves, staff):
    dispute = walk(registered(), moves, "agreed")
    issue_dispute_paper(SYSTEM, dispute_id=dispute.pk, move="agree", at=NOON)
    [paper] = papers_of(dispute, staff["mediator"])
    return dispute, paper


def test_a_paper_lies_sealed_and_is_no_pdf_on_the_disk(registered, moves, staff):
    _dispute, paper = agreed_paper(registered, moves, staff)
    with default_storage.open(paper.storage_name) as file:
        kept = file.read()
    assert kept.startswith(b"s1:")
    assert b"%PDF" not in kept


def test_whoever_works_in_the_area_finds_no_paper_of_it(registered, moves, staff):
    _dispute, paper = agreed_paper(registered, moves, staff)
    for who in ("registrar", "town", "district", "second"):
        actor = staff[who]
        with scope(actor.areas, actor.holders):
            assert not IssuedDocument.objects.exists()
            with pytest.raises(NotFound):
                get_document(actor, document_id=paper.pk, subject="dispute")
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM documents_issueddocument")
                assert cursor.fetchone() == (0,)


def test_the_code_proves_that_the_paper_is_real_and_tells_nothing_of_it(registered, moves, staff):
    _dispute, paper = agreed_paper(registered, moves, staff)
    with scope(()):
        found = find_verification(staff["town"], code=paper.code)
    assert (found.kind, found.issuer) == ("人民调解协议书", "南社区人民调解委员会")
    assert "王" not in repr(found)


# From a matter.

WISH = Wish(
    agreed=True,
    how="电话",
    kind="neighbour",
    about="楼上漏水，要赔天花板。",
    respondent="李大有",
    respondent_phone=LI,
)


@pytest.fixture
def quarrel_case(raised, pack, dispute_pack, kinds):
    """A private matter about a quarrel, triaged and with a telephone."""

    def make(triage="private", **told):
        case = raised(body="楼上漏水。", name="王小满", phone=WANG, **told)
        cases.accept_case(CLERK, case_id=case.pk, at=NOON)
        cases.triage_case(CLERK, case_id=case.pk, triage=triage, at=NOON)
        if triage == "minor":
            cases.dispatch_case(CLERK, case_id=case.pk, unit_id=112, at=NOON)
            cases.sign_case(CLERK, case_id=case.pk, at=NOON)
        return case

    return make


def case_now(case):
    with scope(EVERYWHERE):
        return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("triage", ["private", "minor"])
def test_a_matter_becomes_a_dispute_and_goes_on_with_its_own_answer(quarrel_case, triage):
    case = quarrel_case(triage)
    number = send_to_mediation(CLERK, case_id=case.pk, wish=WISH, at=NOON)
    with scope(EVERYWHERE):
        dispute = Dispute.objects.get()
        assert (dispute.number, dispute.origin, dispute.source_key) == (
            number,
            "case",
            f"case:{case.pk}",
        )
        assert Particulars.objects.get().consent == (f"反映人同意（电话），由{CLERK.label}问")
    assert party_of(dispute, "applicant").phone == WANG
    after = case_now(case)
    assert (after.state, after.answer) == ("replied", f"已转人民调解，单号 {number}。")
    with scope(EVERYWHERE):
        lines = StateChange.objects.filter(workflow="case", object_id=case.pk)
        for line in lines:
            assert "李大有" not in f"{line.said}{line.reason}{line.data}"
            assert "天花板" not in f"{line.said}{line.reason}{line.data}"


def test_done_again_after_a_fall_between_the_two_acts_it_is_one_dispute(quarrel_case):
    case = quarrel_case()
    first, _private = register_from_case(CLERK, case_id=case.pk, wish=WISH, at=NOON)
    assert case_now(case).state == "triaged"
    assert send_to_mediation(CLERK, case_id=case.pk, wish=WISH, at=NOON) == first
    with scope(EVERYWHERE):
        assert Dispute.objects.count() == 1
    with pytest.raises(Conflict, match="答复以后"):
        send_to_mediation(CLERK, case_id=case.pk, wish=WISH, at=NOON)


def test_without_consent_nothing_is_made(quarrel_case):
    case = quarrel_case()
    with pytest.raises(InvalidInput, match="没有同意"):
        send_to_mediation(
            CLERK, case_id=case.pk, wish=Wish(False, "", "neighbour", "漏水", "李大有"), at=NOON
        )
    with scope(EVERYWHERE):
        assert not Dispute.objects.exists()
    assert case_now(case).state == "triaged"


def test_a_major_matter_or_one_without_a_name_goes_to_no_mediation(quarrel_case, raised):
    major = quarrel_case("major")
    with pytest.raises(Conflict, match="小事或私事"):
        send_to_mediation(CLERK, case_id=major.pk, wish=WISH, at=NOON)
    unknown = quarrel_case(anonymous=True, client_uuid=uuid4())
    with pytest.raises(Conflict, match="没有留姓名和电话"):
        send_to_mediation(CLERK, case_id=unknown.pk, wish=WISH, at=NOON)
    with scope(EVERYWHERE):
        assert not Dispute.objects.exists()


def test_the_officer_of_the_matter_no_longer_sees_the_dispute_once_it_is_assigned(
    quarrel_case, moves
):
    case = quarrel_case()
    send_to_mediation(CLERK, case_id=case.pk, wish=WISH, at=NOON)
    with scope(EVERYWHERE):
        dispute = Dispute.objects.get()
    moves["assign"](dispute)
    with scope(CLERK.areas, CLERK.holders):
        assert not Dispute.objects.exists()
    assert read_dispute(dispute.pk).state == "assigned"

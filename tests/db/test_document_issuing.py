"""Numbered documents: one number each, the paper as it went out, withdrawn but never rewritten."""

import io
import threading
from datetime import UTC, datetime

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, connections

from tests.conftest import NOON
from tests.db.document_fixtures import (
    ADMIN,
    HILL,
    RAISER,
    SOUTH,
    STRANGER,
    STREET,
    Matter,
    issue,
    relocate,
    stored_files,
    withdraw,
)
from tests.places import make_places
from yukuai.accounts.policy import ANYBODY
from yukuai.audit.models import AuditEntry
from yukuai.documents import paper, queries, typesetting
from yukuai.documents.http import document_page_response, document_response
from yukuai.documents.models import IssuedDocument, NumberSeries
from yukuai.kernel import crypto
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from yukuai.kernel.ids import ALPHABET
from yukuai.kernel.scope import EVERYWHERE, scope


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PUBLIC_BASE_URL = "https://shequ.example"
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path},
    }
    settings.STORAGES = {**settings.STORAGES, "default": folder}


@pytest.fixture
def places(db):
    with scope(EVERYWHERE):
        return make_places()


@pytest.fixture
def matter(places):
    return Matter(places[112])


def text_of(data):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_a_document_is_numbered_printed_stored_and_remembered(matter):
    document = issue(SOUTH, matter=matter, at=NOON)

    data = paper.document_pdf(document)
    text = text_of(data)
    assert document.number == "南社区社受〔2026〕1号"
    assert (document.issuer, document.title) == ("南社区居民委员会", "受理告知书")
    assert (document.sm3, document.bytes) == (crypto.digest(data), len(data))
    assert (len(document.code), set(document.code) <= set(ALPHABET)) == (12, True)
    for said in (document.number, document.issuer, "2026年3月2日", "楼道灯不亮"):
        assert said in text
    assert f"https://shequ.example/verify/{document.code}/" in text
    assert stored_files() == [document.storage_name]
    assert document.storage_name.startswith("documents/2026/03/02/")
    with scope(EVERYWHERE):
        entry = AuditEntry.objects.get(act="document.issue")
    assert (entry.target, entry.purpose, entry.holders, entry.area) == (
        f"document:{document.pk}",
        document.number,
        ["user:17"],
        "1.2.12.112.",
    )


def test_what_was_printed_lies_sealed_in_the_database(matter):
    document = issue(SOUTH, matter=matter, at=NOON, changed={"recipient": "赵某"})
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT printed FROM documents_issueddocument")
        [sealed] = cursor.fetchone()
        kept = IssuedDocument.objects.get(pk=document.pk).data
    assert "赵某" not in sealed
    assert (kept["recipient"], kept["number"]) == ("赵某", document.number)


def test_the_same_paper_can_be_set_again(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    with scope(EVERYWHERE):
        kept = IssuedDocument.objects.get(pk=document.pk)
    again = typesetting.make_pdf(kept.template, paper.sheet(kept.data))
    assert again == paper.document_pdf(kept)


def test_each_body_kind_and_year_counts_for_itself(matter, places):
    new_year = datetime(2026, 12, 31, 16, tzinfo=UTC)
    issued = [
        issue(SOUTH, matter=matter, at=NOON),
        issue(SOUTH, matter=matter, at=NOON),
        issue(STREET, matter=matter, at=NOON, unit=places[12]),
        issue(STREET, matter=matter, at=NOON, unit=places[12], issuer="南街城市管理办公室"),
        issue(SOUTH, matter=matter, at=new_year),
        issue(SOUTH, matter=matter, at=NOON),
    ]
    assert [document.number for document in issued] == [
        "南社区社受〔2026〕1号",
        "南社区社受〔2026〕2号",
        "南街社受〔2026〕1号",
        "南街城市管理办公室社受〔2026〕1号",
        "南社区社受〔2027〕1号",
        "南社区社受〔2026〕3号",
    ]


def test_a_number_given_to_a_document_that_failed_is_given_again(matter):
    issue(SOUTH, matter=matter, at=NOON)
    with pytest.raises(RuntimeError):
        issue(SOUTH, matter=matter, at=NOON, fail=True)
    assert len(stored_files()) == 1
    assert issue(SOUTH, matter=matter, at=NOON).number == "南社区社受〔2026〕2号"


def test_missing_facts_use_up_no_number(matter):
    with pytest.raises(InvalidInput) as caught:
        issue(SOUTH, matter=matter, at=NOON, changed={"unit": ""})
    assert caught.value.fields == {"unit": "写明承办单位。"}
    with scope(EVERYWHERE):
        assert (NumberSeries.objects.count(), IssuedDocument.objects.count()) == (0, 0)
    assert stored_files() == []


def test_without_fonts_nothing_is_issued(matter, monkeypatch):
    def no_fonts():
        raise Unavailable(typesetting.NO_FONTS)

    monkeypatch.setattr(typesetting, "chinese_fonts", no_fonts)
    with pytest.raises(Unavailable):
        issue(SOUTH, matter=matter, at=NOON)
    with scope(EVERYWHERE):
        assert (NumberSeries.objects.count(), IssuedDocument.objects.count()) == (0, 0)


@pytest.fixture
def kept_places(real_commits):
    with scope(EVERYWHERE):
        return make_places()


def test_two_at_once_get_two_numbers_without_a_gap(kept_places):
    matter = Matter(kept_places[112])
    barrier, numbers, errors = threading.Barrier(2), [], []

    def work(failing):
        try:
            barrier.wait(10)
            for turn in range(8):
                try:
                    made = issue(SOUTH, matter=matter, at=NOON, fail=failing and turn % 2 == 0)
                    numbers.append(made.sequence)
                except RuntimeError:
                    pass
        except Exception as error:  # shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(failing,)) for failing in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(numbers) == list(range(1, 13))
    assert len(stored_files()) == 12


def test_nobody_rewrites_a_document_not_even_the_owner(kept_places):
    issue(SOUTH, matter=Matter(kept_places[112]), at=NOON)
    for sql in (
        "UPDATE documents_issueddocument SET sm3 = 'x'",
        "UPDATE documents_issueddocument SET number = 'x', withdrawn_at = now()",
        "UPDATE documents_issueddocument SET holders = '{}'",
        "DELETE FROM documents_issueddocument",
        "TRUNCATE documents_issueddocument CASCADE",
    ):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('yukuai.areas', '{\"\"}', false)")
            with pytest.raises(ProgrammingError, match="refused"):
                cursor.execute(sql)
        connections["owner"].close()


def test_the_application_may_not_delete_a_document(matter):
    issue(SOUTH, matter=matter, at=NOON)
    with pytest.raises(ProgrammingError, match="permission denied"), scope(EVERYWHERE):
        connection.cursor().execute("DELETE FROM documents_issueddocument")


def test_a_withdrawn_document_stays_on_record(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    gone = withdraw(SOUTH, document_id=document.pk, reason=" 承办单位写错了 ", at=NOON)
    assert (gone.withdrawn_at, gone.withdrawn_by) == (NOON, SOUTH.label)
    assert gone.withdrawn_reason == "承办单位写错了"
    assert paper.document_pdf(gone) == paper.document_pdf(document)
    with scope(EVERYWHERE):
        assert AuditEntry.objects.get(act="document.withdraw").holders == ["user:17"]


def test_a_document_is_withdrawn_once_with_a_reason_and_by_its_own_officers(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    with pytest.raises(InvalidInput, match="写明为什么"):
        withdraw(SOUTH, document_id=document.pk, reason=" ", at=NOON)
    with pytest.raises(NotFound):
        withdraw(HILL, document_id=document.pk, reason="写错了", at=NOON)
    withdraw(SOUTH, document_id=document.pk, reason="写错了", at=NOON)
    with pytest.raises(Conflict, match="已经撤回过了"):
        withdraw(SOUTH, document_id=document.pk, reason="再撤一次", at=NOON)
    with scope(EVERYWHERE):
        assert IssuedDocument.objects.get().withdrawn_reason == "写错了"


def test_the_database_unwithdraws_nothing(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    withdraw(SOUTH, document_id=document.pk, reason="写错了", at=NOON)
    with pytest.raises(ProgrammingError, match="refused"), scope(EVERYWHERE):
        IssuedDocument.objects.update(withdrawn_at=None)


@pytest.mark.parametrize(
    ("actor", "sees"),
    [
        (RAISER, True),
        (SOUTH, True),
        (STREET, True),
        (STRANGER, False),
        (HILL, False),
        (ADMIN, False),
        (ANYBODY, False),
    ],
    ids=lambda value: value.label if hasattr(value, "label") else "",
)
def test_a_document_is_seen_by_its_person_and_the_officers_of_the_matter(matter, actor, sees):
    document = issue(SOUTH, matter=matter, at=NOON)
    with scope(actor.areas, actor.holders):
        found = list(queries.list_documents(actor, subject="case", object_id=5))
        assert found == [document] * sees
        if sees:
            assert queries.get_document(actor, document_id=document.pk) == document
        else:
            with pytest.raises(NotFound):
                queries.get_document(actor, document_id=document.pk)


def test_a_document_follows_its_matter_and_keeps_its_number(matter, places):
    document = issue(SOUTH, matter=matter, at=NOON)
    relocate(STREET, matter=matter, division=places[113])
    with scope(HILL.areas):
        there = queries.get_document(HILL, document_id=document.pk)
    assert (there.area, there.number) == ("1.2.12.113.", "南社区社受〔2026〕1号")


# Verification


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}"])
def test_whoever_has_the_code_learns_that_the_paper_is_real(matter, typed):
    document = issue(SOUTH, matter=matter, at=NOON)
    code = document.code
    typed = typed.format(code, paper.code_words(code), code.lower())
    with scope(()):
        found = queries.find_verification(ANYBODY, code=typed)
    assert found == queries.Verification(
        kind="受理告知书",
        number="南社区社受〔2026〕1号",
        issuer="南社区居民委员会",
        day="2026年3月2日",
        digest=document.sm3[:16],
        valid=True,
    )


def test_a_withdrawn_paper_is_said_to_be_withdrawn(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    withdraw(SOUTH, document_id=document.pk, reason="写错了", at=NOON)
    with scope(()):
        found = queries.find_verification(ANYBODY, code=document.code)
    assert found is not None
    assert found.valid is False


@pytest.mark.parametrize("code", ["", "222222222222", "2' OR '1'='1", "%", "2" * 500, "核验码"])
def test_a_wrong_code_finds_nothing(matter, code):
    issue(SOUTH, matter=matter, at=NOON)
    with scope(()):
        assert queries.find_verification(ANYBODY, code=code) is None


def test_the_key_of_one_paper_opens_no_other(matter):
    first, second = (issue(SOUTH, matter=matter, at=NOON) for _ in range(2))
    with scope((), [paper.verify_key(first.code)]), connection.cursor() as cursor:
        cursor.execute("SELECT code FROM documents_issueddocument")
        assert cursor.fetchall() == [(first.code,)]
    with scope((), [f"verify:{second.code}"]), connection.cursor() as cursor:
        cursor.execute("SELECT code FROM documents_issueddocument")
        assert cursor.fetchall() == []


# Handing out


def test_the_pdf_is_handed_out_under_its_number(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    response = document_response(document)
    assert response.content == paper.document_pdf(document)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    large = document_response(document, large=True, download=True)
    assert large["Content-Disposition"].startswith("attachment; ")
    assert "楼道灯不亮" in text_of(large.content)
    assert large.content != response.content


def test_a_paper_altered_in_the_storage_is_not_handed_out(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    with open(default_storage.path(document.storage_name), "ab") as file:
        file.write(b"%")
    with pytest.raises(Unavailable, match="摘要不一致"):
        document_response(document)


def test_each_page_is_shown_on_the_screen(matter):
    document = issue(SOUTH, matter=matter, at=NOON)
    response = document_page_response(document)
    assert response["Content-Type"] == "image/svg+xml"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.content.startswith(b"<svg ")
    with pytest.raises(NotFound, match="只有 1 页"):
        document_page_response(document, page=2)

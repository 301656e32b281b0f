"""Photos and files of a matter: kept clean, seen by whom they concern, gone when refused."""

import io
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from PIL import Image

from tests import pictures
from tests.conftest import NOON
from tests.db.document_fixtures import (
    ADMIN,
    HILL,
    RAISER,
    SOUTH,
    STRANGER,
    STREET,
    Matter,
    add_file,
    add_photo,
    relocate,
    stored_files,
    take,
    upload,
)
from tests.people import visitor
from tests.places import make_places
from yukuai.accounts.policy import ANYBODY, SYSTEM
from yukuai.documents import actions, files, images, queries, rules
from yukuai.documents.http import attachment_response, open_attachment
from yukuai.documents.models import Attachment, PendingUpload
from yukuai.kernel import crypto
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope

STORES = {
    "folder": None,
    "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
}


@pytest.fixture(autouse=True, params=STORES)
def storage(request, settings, tmp_path):
    """Everything goes through the Storage API: a folder, and something that is none."""
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path},
    }
    settings.STORAGES = {**settings.STORAGES, "default": STORES[request.param] or folder}


@pytest.fixture
def places(db):
    with scope(EVERYWHERE):
        return make_places()


@pytest.fixture
def matter(places):
    return Matter(places[112])


def count(model=Attachment):
    with scope(EVERYWHERE):
        return model.objects.count()


def test_a_photo_is_kept_twice_and_described(matter):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.located_photo(6)), at=NOON)

    with open_attachment(photo) as full, open_attachment(photo, size="thumb") as thumb:
        data, small = full.read(), thumb.read()
    assert stored_files() == sorted([photo.storage_name, files.thumb_of(photo.storage_name)])
    assert (photo.media_type, photo.bytes, photo.width, photo.height) == (
        "image/jpeg",
        len(data),
        40,
        60,
    )
    assert photo.sm3 == crypto.digest(data)
    assert dict(Image.open(io.BytesIO(data)).getexif()) == {}
    assert b"GPSLatitude" not in data + small
    assert (photo.uploaded_by, photo.user_id, photo.created_at) == ("居民本人", 17, NOON)
    assert (photo.area, photo.holders) == ("1.2.12.112.", ["user:17"])


def test_the_storage_name_says_nothing_about_anybody(matter):
    photo = add_photo(
        RAISER, matter=matter, file=upload(pictures.picture(), "王某身份证.jpg"), at=NOON
    )
    folder, _, name = photo.storage_name.rpartition("/")
    assert folder == "attachments/2026/03/02"
    assert (len(name), name[-4:], int(name[:-4], 16) > 0) == (36, ".jpg", True)
    assert photo.original_name == "王某身份证.jpg"


def test_photos_keep_the_order_in_which_they_came(matter):
    made = [
        add_photo(SOUTH, matter=matter, file=upload(pictures.picture()), at=NOON, kind=kind)
        for kind in ("scene", "scene", "after")
    ]
    with scope(SOUTH.areas):
        listed = list(queries.list_attachments(SOUTH, subject="case", object_id=5))
    assert listed == made
    assert [photo.order for photo in listed] == [1, 2, 3]
    assert [photo.get_kind_display() for photo in listed] == ["现场照片", "现场照片", "办理后照片"]


def test_a_picture_decoded_before_the_transaction_is_taken_as_it_is(matter):
    ready = images.read_picture(pictures.picture())
    photo = add_photo(RAISER, matter=matter, file=ready, at=NOON)
    assert (photo.bytes, photo.original_name) == (len(ready.full), "照片.jpg")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", rules.EMPTY),
        (pictures.png_bomb(), images.TOO_MANY_PIXELS),
        (b"<svg/>", rules.NOT_A_PHOTO),
        (pictures.picture()[:300], images.BROKEN),
        (pictures.pdf(), rules.NOT_A_PHOTO),
    ],
    ids=["empty", "bomb", "svg", "truncated", "pdf"],
)
def test_a_refused_upload_leaves_neither_row_nor_file(matter, data, sentence):
    with pytest.raises(InvalidInput) as caught:
        add_photo(RAISER, matter=matter, file=upload(data), at=NOON)
    assert caught.value.message == sentence
    assert (count(), stored_files()) == (0, [])


def test_when_the_action_fails_afterwards_the_files_go_too(matter):
    with pytest.raises(RuntimeError):
        add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON, fail=True)
    assert (count(), stored_files()) == (0, [])


@action
def lose_the_connection(actor, *, matter, at):
    actions.store_image(
        actor, upload=upload(pictures.picture()), kind="scene", at=at, **matter.address
    )
    raise OperationalError("server closed the connection unexpectedly")


def test_when_the_connection_is_lost_the_files_wait_for_the_sweep(matter):
    """The commit may have happened all the same: a row without its photo would be worse."""
    with pytest.raises(OperationalError):
        lose_the_connection(RAISER, matter=matter, at=NOON)
    assert (count(), len(stored_files())) == (0, 2)
    assert actions.sweep_orphans(SYSTEM, at=NOON + timedelta(days=2)) == 2
    assert stored_files() == []


def test_a_storage_that_does_not_answer_changes_nothing(matter, monkeypatch):
    class Down:
        def save(self, *_args):
            raise ConnectionError("no route to the bucket")

    monkeypatch.setattr(files, "default_storage", Down())
    with pytest.raises(Unavailable, match="什么都没有改变"):
        add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    assert (count(), stored_files()) == (0, [])


def test_staff_may_add_a_pdf_which_is_only_downloaded(matter):
    data = pictures.pdf(b"<script>alert(1)</script>")
    paper = add_file(SOUTH, matter=matter, file=upload(data, "鉴定\r\n报告.exe"), at=NOON)
    response = attachment_response(paper)
    assert response.content == data
    assert (paper.media_type, paper.original_name, paper.width) == (
        "application/pdf",
        "鉴定报告.pdf",
        None,
    )
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_a_photo_is_shown_and_never_interpreted(matter):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    for size in ("full", "thumb"):
        response = attachment_response(photo, size)
        body = response.content
        assert Image.open(io.BytesIO(body)).format == "JPEG"
        assert response["Content-Type"] == "image/jpeg"
        assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, max-age=86400, immutable"
        assert "sandbox" in response["Content-Security-Policy"]


def test_a_file_that_has_gone_is_an_apology_not_a_crash(matter):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    files.remove(photo.storage_name)
    with pytest.raises(Unavailable, match="暂时取不到"):
        attachment_response(photo)


@pytest.mark.parametrize("data", [b"MZ\x90\0", b"PK\x03\x04", b"<html>", pictures.pdf()[:-8]])
def test_other_files_are_refused(matter, data):
    with pytest.raises(InvalidInput):
        add_file(SOUTH, matter=matter, file=upload(data), at=NOON)
    assert (count(), stored_files()) == (0, [])


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
        (visitor("ticket:abc"), False),
    ],
    ids=lambda value: value.label if hasattr(value, "label") else "",
)
def test_a_photo_is_seen_by_its_person_and_the_officers_of_the_matter(matter, actor, sees):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    with scope(actor.areas, actor.holders):
        assert list(queries.list_attachments(actor, subject="case", object_id=5)) == [photo] * sees
        if sees:
            assert queries.get_attachment(actor, attachment_id=photo.pk) == photo
        else:
            with pytest.raises(NotFound):
                queries.get_attachment(actor, attachment_id=photo.pk)


def test_a_photo_of_another_matter_does_not_answer_here(matter):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    with scope(SOUTH.areas), pytest.raises(NotFound):
        queries.get_attachment(SOUTH, attachment_id=photo.pk, subject="case", object_id=6)


@pytest.mark.parametrize(
    ("areas", "holders", "rows"),
    [
        (["1.2.12.112."], [], 1),
        (["1.2."], [], 1),
        ([], ["user:17"], 1),
        ([""], [], 1),
        (["1.2.12.113."], [], 0),
        (["1.11."], ["user:18"], 0),
        ([], [], 0),
    ],
)
def test_raw_sql_sees_only_what_the_scope_allows(matter, areas, holders, rows):
    add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    with scope(areas, holders), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM documents_attachment")
        assert cursor.fetchone() == (rows,)
        cursor.execute("UPDATE documents_attachment SET original_name = 'x'")
        assert cursor.rowcount == rows


def test_the_files_follow_a_matter_to_another_place(matter, places):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    relocate(STREET, matter=matter, division=places[113])
    with scope(HILL.areas):
        assert queries.get_attachment(HILL, attachment_id=photo.pk).area == "1.2.12.113."
    with scope(SOUTH.areas), pytest.raises(NotFound):
        queries.get_attachment(SOUTH, attachment_id=photo.pk)


# Drafts


def test_a_photo_of_a_draft_waits_for_its_matter(matter):
    token = actions.store_pending(
        ANYBODY, upload=upload(pictures.located_photo()), session="s", at=NOON
    )
    waiting = stored_files()

    [photo] = take(RAISER, matter=matter, tokens=[token], session="s", at=NOON)

    assert stored_files() == waiting
    assert waiting == sorted([photo.storage_name, files.thumb_of(photo.storage_name)])
    assert (count(PendingUpload), count()) == (0, 1)
    assert (photo.kind, photo.order, photo.holders) == ("scene", 1, ["user:17"])


def test_photos_of_a_draft_keep_the_order_of_the_form(matter):
    tokens = [
        actions.store_pending(
            ANYBODY, upload=upload(pictures.picture(), f"{n}.jpg"), session="s", at=NOON
        )
        for n in (1, 2, 3)
    ]
    wanted = [tokens[2], tokens[0], tokens[1]]
    with scope(()):
        shown = queries.list_pending(ANYBODY, tokens=wanted, session="s", at=NOON)
    assert [row.original_name for row in shown] == ["3.jpg", "1.jpg", "2.jpg"]
    made = take(RAISER, matter=matter, tokens=[*wanted, wanted[0]], session="s", at=NOON)
    assert [(photo.original_name, photo.order) for photo in made] == [
        ("3.jpg", 1),
        ("1.jpg", 2),
        ("2.jpg", 3),
    ]


@pytest.mark.parametrize(
    ("token", "session", "later"),
    [
        ("own", "other browser", timedelta(0)),
        ("guessed", "s", timedelta(0)),
        ("own", "s", timedelta(hours=24)),
    ],
)
def test_nobody_else_and_nobody_late_takes_the_photo_of_a_draft(matter, token, session, later):
    own = actions.store_pending(ANYBODY, upload=upload(pictures.picture()), session="s", at=NOON)
    wanted = own if token == "own" else token
    with pytest.raises(InvalidInput, match="您写的字还在"):
        take(RAISER, matter=matter, tokens=[wanted], session=session, at=NOON + later)
    with scope(()), pytest.raises(NotFound):
        queries.get_pending(ANYBODY, token=wanted, session=session, at=NOON + later)
    assert (count(PendingUpload), count(), len(stored_files())) == (1, 0, 2)


def test_all_the_photos_of_a_draft_or_none(matter):
    own = actions.store_pending(ANYBODY, upload=upload(pictures.picture()), session="s", at=NOON)
    with pytest.raises(InvalidInput):
        take(RAISER, matter=matter, tokens=[own, "gone"], session="s", at=NOON)
    assert (count(PendingUpload), count()) == (1, 0)


def test_a_matter_takes_three_photos(matter):
    with pytest.raises(InvalidInput, match="照片最多 3 张，现在有 4 张"):
        take(RAISER, matter=matter, tokens=list("abcd"), session="s", at=NOON)


def test_a_draft_is_no_place_to_store_things(db):
    ready = images.read_picture(pictures.picture())
    for _ in range(rules.MAX_PENDING):
        actions.store_pending(ANYBODY, upload=ready, session="s", at=NOON)
    with pytest.raises(Conflict, match="太多了"):
        actions.store_pending(ANYBODY, upload=ready, session="s", at=NOON)
    assert actions.store_pending(ANYBODY, upload=ready, session="t", at=NOON)
    tomorrow = NOON + timedelta(hours=24)
    assert actions.store_pending(ANYBODY, upload=ready, session="s", at=tomorrow)


def test_raw_sql_finds_no_draft_without_its_token(db):
    token = actions.store_pending(ANYBODY, upload=upload(pictures.picture()), session="s", at=NOON)
    sees = {}
    for name, areas, holders in [
        ("nobody", (), ()),
        ("city", ("1.",), ("user:17",)),
        ("token itself", (), (f"draft:{token}",)),
        ("platform", EVERYWHERE, ()),
    ]:
        with scope(areas, holders), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM documents_pendingupload")
            sees[name] = cursor.fetchone()[0]
    assert sees == {"nobody": 0, "city": 0, "token itself": 0, "platform": 1}


def test_a_photo_taken_out_of_the_draft_is_gone(db, django_capture_on_commit_callbacks):
    token = actions.store_pending(ANYBODY, upload=upload(pictures.picture()), session="s", at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_pending(ANYBODY, token=token, session="other", at=NOON)
    assert (count(PendingUpload), len(stored_files())) == (1, 2)
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop_pending(ANYBODY, token=token, session="s", at=NOON)
    assert (count(PendingUpload), stored_files()) == (0, [])


# Sweeping


def test_expired_drafts_are_swept_and_others_are_not(db, django_capture_on_commit_callbacks):
    ready = images.read_picture(pictures.picture())
    actions.store_pending(ANYBODY, upload=ready, session="s", at=NOON)
    actions.store_pending(ANYBODY, upload=ready, session="s", at=NOON + timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep_pending(SYSTEM, at=NOON + timedelta(hours=24)) == 1
    assert (count(PendingUpload), len(stored_files())) == (1, 2)


@action
def die_while_writing(actor, *, at):
    """A killed process: neither commit nor clean-up."""
    files.write(b"lost", files.new_name(files.ATTACHMENTS, suffix=".jpg", at=at))
    files.write(b"lost", files.new_name(files.DOCUMENTS, suffix=".pdf", at=at))
    raise SystemExit


def test_files_without_a_row_are_swept_after_a_day(matter):
    photo = add_photo(RAISER, matter=matter, file=upload(pictures.picture()), at=NOON)
    actions.store_pending(ANYBODY, upload=upload(pictures.picture()), session="s", at=NOON)
    kept = stored_files()
    with pytest.raises(SystemExit):
        die_while_writing(SOUTH, at=NOON)
    assert len(stored_files()) == len(kept) + 2

    assert actions.sweep_orphans(SYSTEM, at=NOON + timedelta(days=1)) == 0
    assert actions.sweep_orphans(SYSTEM, at=NOON + timedelta(days=2)) == 2
    assert actions.sweep_orphans(SYSTEM, at=NOON + timedelta(days=2)) == 0
    assert stored_files() == kept
    assert photo.storage_name in kept

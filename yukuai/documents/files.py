"""Files in Django's storage: written before the commit, taken back when it fails.

`attachments/2026/11/26/<32 hex>.jpg`, its small form `<32 hex>-thumb.jpg`: the day bounds what a
sweep must list, the rest says nothing about anybody.
"""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from yukuai.documents import rules
from yukuai.documents.images import Picture, read_picture
from yukuai.kernel import crypto
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, Unavailable
from yukuai.kernel.scope import on_rollback

log = logging.getLogger("yukuai.documents")
ATTACHMENTS = "attachments"
DOCUMENTS = "documents"
GONE = "这份文件暂时取不到。请过几分钟再试；着急就打电话给社区。"
NOT_STORED = "文件暂时存不下来，什么都没有改变。请过几分钟再试；着急就打电话给社区。"


@dataclass(frozen=True)
class Stored:
    """The columns of `StoredFile`."""

    media_type: str
    bytes: int
    width: int | None
    height: int | None
    sm3: str
    storage_name: str
    original_name: str


class Upload(Protocol):
    """Django's UploadedFile, or any binary file-like object; `name` is read where there is one."""

    def read(self, size: int = ..., /) -> bytes: ...

    def seek(self, offset: int, /) -> object: ...


def read_upload(upload: Upload) -> bytes:
    """The whole of it from the beginning, never more than the limit and one byte."""
    upload.seek(0)
    data = upload.read(rules.MAX_BYTES + 1)
    rules.check_size(data)
    return data


def write_picture(picture: Picture, *, name: str, at: datetime) -> Stored:
    """A step: both sizes are stored; they go again if the transaction fails."""
    full = write(picture.full, new_name(ATTACHMENTS, suffix=".jpg", at=at))
    write(picture.thumb, thumb_of(full))
    return Stored(
        media_type=picture.media_type,
        bytes=len(picture.full),
        width=picture.width,
        height=picture.height,
        sm3=crypto.digest(picture.full),
        storage_name=full,
        original_name=rules.tidy_name(name, suffix=".jpg"),
    )


def write_image(upload: Upload | Picture, *, at: datetime) -> Stored:
    """A step: a photo, judged by its content. Raises InvalidInput before anything is stored."""
    if isinstance(upload, Picture):
        return write_picture(upload, name="", at=at)
    name = str(getattr(upload, "name", "") or "")
    return write_picture(read_picture(read_upload(upload)), name=name, at=at)


def write_file(upload: Upload, *, at: datetime) -> Stored:
    """A step: a photo or a PDF. Raises InvalidInput before anything is stored."""
    data = read_upload(upload)
    form = rules.sniff(data)
    if not form:
        raise InvalidInput(rules.NOT_A_FILE)
    return _write_pdf(upload, data, at=at) if form == "pdf" else write_image(upload, at=at)


def _write_pdf(upload: Upload, data: bytes, *, at: datetime) -> Stored:
    rules.check_pdf(data)
    return Stored(
        media_type="application/pdf",
        bytes=len(data),
        width=None,
        height=None,
        sm3=crypto.digest(data),
        storage_name=write(data, new_name(ATTACHMENTS, suffix=".pdf", at=at)),
        original_name=rules.tidy_name(str(getattr(upload, "name", "") or ""), suffix=".pdf"),
    )


def new_name(folder: str, *, suffix: str, at: datetime) -> str:
    return f"{_day_folder(folder, today(at))}/{secrets.token_hex(16)}{suffix}"


def thumb_of(name: str) -> str:
    return f"{name.removesuffix('.jpg')}-thumb.jpg"


def owner_of(name: str) -> str:
    """The name that stands in the row: its own, or that of the photo a thumb belongs to."""
    return name.replace("-thumb.jpg", ".jpg")


def write(data: bytes, name: str) -> str:
    """A step: returns the name; the file goes again if the transaction fails."""
    return write_stream(ContentFile(data), name)


def write_stream(stream: Any, name: str) -> str:
    """The same of a binary file that is too long for memory."""
    with _answering(NOT_STORED):
        saved = str(default_storage.save(name, File(stream)))
    on_rollback(lambda: default_storage.delete(saved))
    if saved != name:  # 128 random bits met twice: the storage is not ours alone
        raise FileExistsError(name)
    return name


def read(name: str) -> bytes:
    """The whole of a stored file. Raises Unavailable."""
    with _answering(GONE), default_storage.open(name) as file:
        return bytes(file.read())


def open_stored(name: str) -> "File[bytes]":
    """A stored file as a stream. Raises Unavailable."""
    with _answering(GONE):
        return default_storage.open(name)


@contextmanager
def _answering(sentence: str) -> Iterator[None]:
    """Each storage has errors of its own; to a person they are all one."""
    try:
        yield
    except Exception as error:
        log.exception("the storage does not answer")
        raise Unavailable(sentence) from error


def remove(*names: str) -> None:
    """Photos go with their thumbs."""
    for name in names:
        default_storage.delete(name)
        if name.endswith(".jpg") and owner_of(name) == name:
            default_storage.delete(thumb_of(name))


def remove_after_commit(*names: str) -> None:
    """A step: the rows go with the transaction, the files after it."""
    transaction.on_commit(lambda: remove(*names), robust=True)


def list_old(folder: str, *, at: datetime, days: int) -> Iterator[tuple[str, list[str]]]:
    """The folders of the `days` days that ended more than a day ago, with the names in them."""
    for back in range(2, days + 2):
        place = _day_folder(folder, today(at) - timedelta(days=back))
        try:
            _folders, names = default_storage.listdir(place)
        except FileNotFoundError:
            continue
        yield place, sorted(f"{place}/{name}" for name in names)


def _day_folder(folder: str, day: date) -> str:
    return f"{folder}/{day:%Y/%m/%d}"

"""What may be uploaded, how files and documents are named, what a document must say. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from yukuai.documents.kinds import DocumentKind, Field
from yukuai.kernel.errors import InvalidInput

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PHOTOS = 3
"""A matter is clear with three; domain.md §4.3 asks for no more."""
MAX_PENDING = 12
"""Kept for one wizard at a time: room to choose again, not a place to store things."""
NAME_LENGTH = 80

TOO_BIG = "这个文件超过 10 MB。请选小一点的照片，或者在相册里先压缩再传。"
EMPTY = "这个文件是空的，没有传上来。请重新选一次。"
HEIC = (
    "这张照片是 HEIC 格式，这里还打不开。请在手机“设置—相机—格式”里选“兼容性最佳”再拍，"
    "或者把照片截图后再传。"
)
NOT_A_PHOTO = "这里只收照片（JPEG、PNG、WebP、GIF）。请重新选一张照片。"
NOT_A_FILE = "这里只收照片（JPEG、PNG、WebP、GIF）和 PDF。别的文件请先转成 PDF。"

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
)


def sniff(data: bytes) -> str:
    """What the first bytes say: jpeg, png, webp, gif, heic, pdf, or '' for anything else."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "heic"
    magic = {
        b"\xff\xd8\xff": "jpeg",
        b"\x89PNG\r\n\x1a\n": "png",
        b"GIF87a": "gif",
        b"GIF89a": "gif",
        b"%PDF-": "pdf",
    }
    return next((name for start, name in magic.items() if data.startswith(start)), "")


def check_size(data: bytes) -> None:
    if not data:
        raise InvalidInput(EMPTY)
    if len(data) > MAX_BYTES:
        raise InvalidInput(TOO_BIG)


def check_pdf(data: bytes) -> None:
    """Begins and ends like one. It is only ever handed out as a download."""
    if b"%%EOF" not in data[-2048:]:
        raise InvalidInput("这个 PDF 不完整，可能没有传完。请重新选一次。")


def tidy_name(typed: str, *, suffix: str) -> str:
    """A file name for people to read: no folders, no control or direction signs, our suffix."""
    name = unicodedata.normalize("NFC", typed).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    stem = " ".join(re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name).split()).strip(". ")
    return f"{stem[: NAME_LENGTH - len(suffix)] or '照片'}{suffix}"


def issuing_body(kind: str, name: str) -> str:
    """The legal name that stands at the head: a street has an office, a village a committee."""
    endings = {
        ("township", "街道"): "办事处",
        ("township", "镇"): "人民政府",
        ("township", "乡"): "人民政府",
        ("community", "社区"): "居民委员会",
        ("community", "村"): "村民委员会",
    }
    for (level, ending), added in endings.items():
        if kind == level and name.endswith(ending):
            # 五福村 is governed by 五福村村民委员会: the word 村 stands twice.
            return name + added
    return name


def short_body(name: str) -> str:
    """The name inside a number: 张家花园社区居民委员会 signs as 张家花园社区."""
    return re.sub(
        r"(?<=.)(居民选举委员会|村民选举委员会|居民委员会|村民委员会|居委会|村委会|办事处)$",
        "",
        name,
    )


def document_number(*, body: str, sign: str, year: int, sequence: int, line: str = "社") -> str:
    """大溪沟街道社受〔2026〕12号: who, in which line of work, for what, which year, which one (no
    leading zeros, six-cornered brackets: GB/T 9704-2012 §7.2.5)."""
    return f"{short_body(body)}{line}{sign}〔{year}〕{sequence}号"


def serial_number(*, body: str, sign: str, sequence: int, correction: int = 0) -> str:
    """张家花园社区选字第4号, and where it is put right 第4号（更正）, 第4号（更正二）."""
    again = "零一二三四五六七八九"[correction] if 1 < correction < 10 else ""
    mended = f"（更正{again}）" if correction else ""
    return f"{short_body(body)}{sign}第{sequence}号{mended}"


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def check_facts(kind: DocumentKind, facts: Mapping[str, str]) -> dict[str, str]:
    """What will be printed, trimmed; raises InvalidInput field by field for what is missing."""
    if unknown := facts.keys() - kind.fields.keys():
        raise TypeError(f"{kind.name}: unknown facts {sorted(unknown)}")
    tidy = {name: _tidy(field, facts.get(name, "")) for name, field in kind.fields.items()}
    problems = {
        name: problem
        for name, field in kind.fields.items()
        if (problem := _problem(field, tidy[name]))
    }
    if problems:
        raise InvalidInput(f"{kind.name}还缺几项，补上再发。", fields=problems)
    return tidy


def _problem(field: Field, text: str) -> str:
    if field.required and not text:
        return f"写明{field.label}。"
    if len(text) > field.longest:
        return f"{field.label}最多 {field.longest} 字，现在有 {len(text)} 字。"
    return ""


def _tidy(field: Field, text: str) -> str:
    """Paragraphs stay where the field has them; control signs would print as boxes."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    seen = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in UNSEEN)
    return seen.strip() if field.lines else " ".join(seen.split())

"""Takes a package from a folder or a ZIP and believes nothing of it."""

import os
import re
from pathlib import Path

from yukuai.engines.tally import archive
from yukuai.engines.tally.reading import Unreadable

NAME = re.compile(
    r"(manifest|rules|plan|polls|result|signatures)\.json|README\.txt"
    r"|ballots-[1-9]\d?\.jsonl|images/[0-9a-f]{64}\.(png|jpg|tif)"
)


def open_package(path: Path) -> dict[str, bytes]:
    """The files by their names. Raises Unreadable."""
    try:
        files = _folder(path) if path.is_dir() else archive.unpack(_file(path, archive.LARGEST))
    except OSError as error:
        raise Unreadable(f"打不开：{error.strerror}") from None
    for name in files:
        if not NAME.fullmatch(name):
            raise Unreadable(f"有不该有的文件“{name[:60]}”")
    return files


def _folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = archive.LARGEST
    for here, folders, names in os.walk(folder, followlinks=False):
        for name in (*folders, *names):
            path = Path(here) / name
            if path.is_symlink():
                raise Unreadable(f"“{name[:60]}”是一个链接，不核验")
        for name in names:
            path = Path(here) / name
            if len(files) >= archive.MOST_FILES:
                raise Unreadable(f"文件多于 {archive.MOST_FILES} 个")
            data = _file(path, left)
            left -= len(data)
            files[path.relative_to(folder).as_posix()] = data
    return files


def _file(path: Path, most: int) -> bytes:
    """A plain file, and no more of it than may be."""
    if not path.is_file():
        raise Unreadable(f"“{path.name[:60]}”不是普通文件，或者不存在")
    with path.open("rb") as opened:
        data = opened.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"证据包大于 {archive.LARGEST // 1024 // 1024} MB")
    return data

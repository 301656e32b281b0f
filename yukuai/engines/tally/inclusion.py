"""That one ballot is among those counted, shown without the others."""

from collections.abc import Mapping
from typing import Any

from yukuai.engines.tally import reading, sm3, trees
from yukuai.engines.tally.evidence import MANIFEST, ballots_file
from yukuai.engines.tally.reading import Unreadable, canonical


def prove(files: Mapping[str, bytes], ballot: str) -> dict[str, Any]:
    """The proof for a published number. Raises Unreadable."""
    head, _, _tail = ballot.partition("-")
    name = ballots_file(int(head[1:])) if head[1:].isdecimal() else ""
    lines = files.get(name, b"").split(b"\n")[:-1]
    for index, line in enumerate(lines):
        if reading.mapping(reading.parse(line, name), name).get("ballot") == ballot:
            beside = trees.proof([trees.leaf(one) for one in lines], index)
            return {
                "ballot": line.decode(),
                "poll": int(head[1:]),
                "index": index,
                "count": len(lines),
                "beside": [one.hex() for one in beside],
                "manifest": files[MANIFEST].decode(),
            }
    raise Unreadable(f"证据包里没有选票 {ballot[:40]}")


def check_proof(raw: Any, fingerprint: str) -> str:
    """A sentence if the proof leads to the manifest with that fingerprint; Unreadable if not."""
    data = reading.mapping(raw, "证明")
    text = reading.text(data, "manifest", longest=20_000_000).encode()
    if sm3.hexdigest(text) != fingerprint.lower():
        raise Unreadable("证明里的清单不是这个指纹")
    polls = reading.items(reading.mapping(reading.parse(text, MANIFEST), MANIFEST), "ballots")
    number = reading.whole(data, "poll")
    if not 1 <= number <= len(polls):
        raise Unreadable("没有这一次投票")
    wanted = reading.mapping(polls[number - 1], "ballots")
    line = reading.text(data, "ballot", longest=1_000_000).encode()
    try:
        beside = [bytes.fromhex(one) for one in reading.names(data, "beside")]
    except ValueError:
        raise Unreadable("证明不是十六进制") from None
    size, index = reading.whole(wanted, "count"), reading.whole(data, "index")
    found = trees.root_of(trees.leaf(line), index, size, beside)
    if found is None or found.hex() != wanted.get("root"):
        raise Unreadable("这张选票不在公布的选票里")
    named = reading.mapping(reading.parse(line, "选票"), "选票").get("ballot")
    if line != canonical(reading.parse(line, "选票")):
        raise Unreadable("这张选票不是规范的写法")
    return f"选票 {named} 是第 {number} 次投票公布的 {size} 张之一"

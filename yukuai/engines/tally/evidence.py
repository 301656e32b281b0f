"""The evidence package: all that is needed to count an election again, and nothing of any voter.

Ballots stand in an order drawn from a published seed over their content alone. The order of
scanning, and with it any trace of the order of casting, cannot be got back from it.
`docs/reference/evidence-package.md` describes the files.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from yukuai.engines.tally import archive, sm3, trees
from yukuai.engines.tally.counting import count
from yukuai.engines.tally.mixing import mixed
from yukuai.engines.tally.plan import Plan
from yukuai.engines.tally.polls import Names, Poll
from yukuai.engines.tally.reading import Unreadable, canonical

FORMAT = "yukuai-evidence/1"
MANIFEST, SIGNATURES = "manifest.json", "signatures.json"
ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"II*\x00": "tif", b"MM\x00*": "tif"}
README = """选举证据包

这里是重新计一次票所需要的全部材料，没有任何选民的信息。
rules.json 规则包　plan.json 选举方案　polls.json 票箱和另选人的认定
ballots-N.jsonl 第 N 次投票逐张的判定，次序由公布的种子打乱　result.json 结果和每个席位的来由
manifest.json 每个文件的 SM3 和选票的哈希树根　signatures.json 签名

核验（只要有 Python 3.11 或更新的版本和平台公开的 tally 文件夹）：
    python3 -m yukuai.engines.tally verify 证据包
每一行说一件核对过的事，最后一行是结论。再把“指纹”和公告上印的比对。
"""


@dataclass(frozen=True)
class Package:
    """`files` are published. `papers` says which scanned image each published number was: for the
    office that keeps the papers, to find one for a hand check, and for nobody else."""

    files: Mapping[str, bytes]
    papers: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """SM3 of the manifest: what the announcement prints."""
        return sm3.hexdigest(self.files[MANIFEST])

    def as_zip(self) -> bytes:
        return archive.pack(self.files)

    def write(self, folder: Path) -> None:
        """Into a new folder."""
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def build(
    plan: Plan, polls: Sequence[Poll], *, seed: str, images: Mapping[str, bytes] | None = None
) -> Package:
    """`seed` is published, thrown with dice in public after the last ballot was judged. `images`
    are pictures by their SM3, as many as shall be in the package. Raises Unreadable."""
    papers: dict[str, str] = {}
    shown = []
    least = plan.rules.whole("box_least_published", silent=1)
    for number, poll in enumerate(polls, start=1):
        shuffled, was = shuffle(mixed(poll, least), seed, number)
        shown.append(shuffled)
        papers |= was
    files = {
        "README.txt": README.encode(),
        "rules.json": canonical(plan.rules.as_data()),
        "plan.json": canonical(plan.as_data()),
        "polls.json": canonical([poll.as_data() for poll in shown]),
        "result.json": canonical(count(plan, shown).as_data()),
        **{ballots_file(n): lines(poll) for n, poll in enumerate(shown, start=1)},
        **_pictures(images or {}),
    }
    files[MANIFEST] = canonical(manifest(files, shown, plan, seed))
    files[SIGNATURES] = canonical([])
    return Package(files, papers)


def _pictures(images: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {}
    for hashed, data in images.items():
        ending = next((end for start, end in ENDINGS.items() if data.startswith(start)), "")
        if not ending or sm3.hexdigest(data) != hashed:
            raise Unreadable(f"图片 {hashed[:16]}… 不是这个 SM3，或者不是 PNG、JPEG、TIFF")
        files[f"images/{hashed}.{ending}"] = data
    return files


def ballots_file(number: int) -> str:
    return f"ballots-{number}.jsonl"


def lines(poll: Poll) -> bytes:
    return b"".join(canonical(ballot.as_data()) + b"\n" for ballot in poll.ballots)


def manifest(
    files: Mapping[str, bytes], polls: Sequence[Poll], plan: Plan, seed: str
) -> dict[str, Any]:
    listed = sorted(files.keys() - {MANIFEST, SIGNATURES})
    leaves = [trees.leaf(name.encode() + b"\x00" + files[name]) for name in listed]
    return {
        "format": FORMAT,
        "election": plan.election,
        "title": plan.title,
        "hash": "SM3",
        "seed": seed,
        "files": [
            {"path": name, "size": len(files[name]), "sm3": sm3.hexdigest(files[name])}
            for name in listed
        ],
        "root": trees.root(leaves).hex(),
        "ballots": [
            {"count": len(poll.ballots), "root": trees.root(ballot_leaves(poll)).hex()}
            for poll in polls
        ],
    }


def ballot_leaves(poll: Poll) -> list[bytes]:
    return [trees.leaf(canonical(ballot.as_data())) for ballot in poll.ballots]


def shuffle(poll: Poll, seed: str, number: int) -> tuple[Poll, dict[str, str]]:
    """The poll with its ballots in the order of the seed and numbered anew, and which each was.
    The order depends on what the ballots say and not on how they came."""
    decided: dict[str, list[Any]] = {}
    for (ballot, contest, row), person in sorted(poll.names.rows.items()):
        decided.setdefault(ballot, []).append([contest, row, person])
    content = [
        canonical([replace(ballot, id="").as_data(), decided.get(ballot.id, [])])
        for ballot in poll.ballots
    ]
    seen: Counter[bytes] = Counter()
    tickets = []
    for place in sorted(range(len(content)), key=lambda n: content[n]):
        seen[content[place]] += 1
        drawn = f"{seed}:{number}:{seen[content[place]]}:".encode() + content[place]
        tickets.append((hashlib.sha256(drawn).hexdigest(), place))
    order = [place for _ticket, place in sorted(tickets)]
    ids = {poll.ballots[place].id: f"P{number}-{n:05d}" for n, place in enumerate(order, start=1)}
    if not {ballot for ballot, _contest, _row in poll.names.rows} <= ids.keys():
        raise Unreadable("另选他人的认定里有不在其中的选票")
    names = Names(
        {(ids[b], contest, row): who for (b, contest, row), who in poll.names.rows.items()},
        poll.names.texts,
    )
    ballots = tuple(replace(poll.ballots[place], id=ids[poll.ballots[place].id]) for place in order)
    return replace(poll, ballots=ballots, names=names), {new: old for old, new in ids.items()}

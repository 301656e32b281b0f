"""The package: the same whatever the order of scanning, and broken by one changed byte."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from config.environment import BASE
from tests.unit.engines.tally.elections import apart, ballots, contest, plan, poll, rerun, rules
from yukuai.engines.tally import (
    Ballot,
    Box,
    Column,
    Names,
    Standing,
    Status,
    Unreadable,
    WriteIn,
    archive,
    evidence,
    sm3,
    trees,
)
from yukuai.engines.tally.__main__ import main
from yukuai.engines.tally.evidence import MANIFEST, SIGNATURES, Package, build
from yukuai.engines.tally.inclusion import check_proof, prove
from yukuai.engines.tally.signing import signed
from yukuai.engines.tally.verifying import Expected, verify

SEED = "31415926535897932384"
PNG = b"\x89PNG picture of a ballot"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
few = settings(max_examples=40, deadline=None)


def election():
    """A first vote with a picture, a name written in, a row nobody can read; and a rerun."""
    method = plan(
        contest("m", 2, "ABC"),
        registered=40,
        others="X",
        rules=rules(women_seat_mode="NONE"),
    )
    first = apart("m", 24, A=20, B=10, C=9)
    written = [
        Column(Status.VALID, ("A",), (), (WriteIn(1, "for", "徐某"),)),
        Column(Status.VALID, ("A",), (), (WriteIn(2, "for", None),)),
    ]
    first += [Ballot(f"1-{n}", Status.VALID, {"m": c}) for n, c in enumerate(written, 25)]
    first[0] = replace(first[0], image=sm3.hexdigest(PNG))
    names = Names({("1-26", "m", 2): ""}, {("m", "徐某"): "X"})
    return method, [
        poll(first, names=names),
        rerun("m", "BC", apart("m", 22, B=12, C=10), women=False),
    ]


def made(**more) -> Package:
    method, polls = election()
    return build(method, polls, seed=SEED, images={sm3.hexdigest(PNG): PNG}, **more)


PACKAGE = made()


def report_of(package: Package, folder: Path, **expected):
    path = folder / "package.zip"
    path.write_bytes(package.as_zip())
    return verify(path, Expected(**expected))


def with_files(package: Package, **files) -> Package:
    return replace(package, files={**package.files, **files})


def forged(changes: dict) -> Package:
    """Files changed, and the list of files made to fit: what a forger without the key can do."""
    files = {**PACKAGE.files, **changes}
    listed = json.loads(files[MANIFEST])
    for entry in listed["files"]:
        data = files[entry["path"]]
        entry |= {"size": len(data), "sm3": sm3.hexdigest(data)}
    paths = [entry["path"] for entry in listed["files"]]
    leaves = [trees.leaf(path.encode() + b"\x00" + files[path]) for path in paths]
    listed["root"] = trees.root(leaves).hex()
    for number, poll_ in enumerate(listed["ballots"], start=1):
        lines = files[f"ballots-{number}.jsonl"].split(b"\n")[:-1]
        root = trees.root([trees.leaf(line) for line in lines]).hex()
        poll_ |= {"count": len(lines), "root": root}
    return Package({**files, MANIFEST: evidence.canonical(listed)})


# What it says


def test_a_package_counts_again_and_says_each_thing_it_found(tmp_path):
    report = report_of(PACKAGE, tmp_path)
    assert [(check.name, check.ok) for check in report.checks] == [
        (name, True)
        for name in ("打开", "清单", "文件", "规则", "方案", "选票", "计票", "图片", "签名")
    ]
    said = {check.name: check.sentence for check in report.checks}
    assert said["规则"].startswith("elections-count-2026 第 1 版、VC-2025 第 1 版、CQ-village-2026")
    assert said["选票"] == "2 次投票 48 张选票，次序、哈希树根都对"
    assert said["计票"] == ("重新计票和公布的结果一样：选举有效，当选 2 人。当选：委员 A某、B某。")
    assert report.result.seated("m") == ("A", "B")
    assert report.result.standing is Standing.COMPLETE


def test_a_folder_says_the_same_as_the_file(tmp_path):
    PACKAGE.write(tmp_path / "folder")
    assert verify(tmp_path / "folder").as_data() == report_of(PACKAGE, tmp_path).as_data()


# What it does not tell


def test_the_order_of_scanning_cannot_be_got_from_it():
    method, polls = election()
    first = list(polls[0].ballots)
    numbers = [ballot.id for ballot in first]
    Random(7).shuffle(first)
    row = next(new for new, old in zip(numbers, first, strict=True) if old.id == "1-26")
    renamed = tuple(replace(b, id=n) for b, n in zip(first, numbers, strict=True))
    again = replace(
        polls[0], ballots=renamed, names=Names({(row, "m", 2): ""}, {("m", "徐某"): "X"})
    )
    other = build(method, [again, polls[1]], seed=SEED, images={sm3.hexdigest(PNG): PNG})
    assert other.files == PACKAGE.files
    assert other.papers != PACKAGE.papers
    assert sorted(PACKAGE.papers.values()) == sorted(
        ballot.id for held in polls for ballot in held.ballots
    )


def test_another_seed_gives_another_order():
    method, polls = election()
    other = build(method, polls, seed="2718", images={sm3.hexdigest(PNG): PNG})
    assert other.files["ballots-1.jsonl"] != PACKAGE.files["ballots-1.jsonl"]
    assert other.files["result.json"] == PACKAGE.files["result.json"]


def test_a_box_with_a_handful_of_ballots_is_published_with_another():
    given = ballots((30, {"m": "A"})) + ballots((3, {"m": "B"}), box="2")
    given += ballots((12, {"m": "A"}), box="3") + ballots((2, {"m": ""}), box="4")
    shown = build(plan(contest("m", 1, "AB"), registered=60), [poll(given)], seed=SEED)
    boxes = json.loads(shown.files["polls.json"])[0]["boxes"]
    assert [(box["box"], box["collected"], box["seal"]) for box in boxes] == [
        ("1", 30, "封1"),
        ("3+2+4", 17, "封3、封2、封4"),
    ]
    lonely = build(plan(contest("m", 1, "AB"), registered=5), [poll(given[30:33])], seed=SEED)
    assert json.loads(lonely.files["polls.json"])[0]["boxes"][0]["box"] == "2"


def test_many_small_boxes_become_one_of_their_own():
    given = ballots((30, {"m": "A"}))
    for box in "2345":
        given += ballots((4, {"m": "A"}), box=box)
    shown = build(plan(contest("m", 1, "AB"), registered=60), [poll(given)], seed=SEED)
    boxes = json.loads(shown.files["polls.json"])[0]["boxes"]
    assert [box["box"] for box in boxes] == ["1", "2+3+4+5"]


# One byte


@pytest.mark.parametrize("name", sorted(PACKAGE.files))
@settings(few, max_examples=15)
@given(data=st.data())
def test_one_changed_byte_in_any_file_is_seen(name, data, tmp_path_factory):
    package = signed(PACKAGE, signer="青石村选举委员会", key=PUBLIC, sign=KEY.sign)
    whole = bytearray(package.files[name])
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    folder = tmp_path_factory.mktemp("flipped")
    report = report_of(with_files(package, **{name: bytes(whole)}), folder)
    assert not report.ok


@settings(few, max_examples=100)
@given(st.data())
def test_one_changed_byte_anywhere_in_the_zip_is_seen(data):
    whole = bytearray(PACKAGE.as_zip())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        files = archive.unpack(bytes(whole))
    except Unreadable:
        return
    assert files != PACKAGE.files


@pytest.mark.parametrize("end", [0, 1, 21, 22, 1000, -1])
def test_a_cut_zip_is_refused(tmp_path, end):
    path = tmp_path / "cut.zip"
    path.write_bytes(PACKAGE.as_zip()[:end])
    [check] = verify(path).checks
    assert not check.ok


# What a forger can do


def lines_of(package):
    return package.files["ballots-1.jsonl"].splitlines(keepends=True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"result.json": lambda d: d.replace(b'"person":"B"', b'"person":"C"')}, "重新计票的结果"),
        (
            {"ballots-1.jsonl": lambda d: d.replace(b'"against":[]', b'"against":["C"]', 1)},
            "次序和编号",
        ),
        ({"ballots-1.jsonl": lambda d: b"".join(d.splitlines(True)[1:])}, "次序和编号"),
        ({"ballots-1.jsonl": lambda d: d + b"\n"}, "不是能读的 JSON"),
        ({"plan.json": lambda d: d.replace(b'"registered":40', b'"registered":30')}, "重新计票"),
        ({"plan.json": lambda d: d.replace(b'"seats":2', b'"seats":1')}, "再次投票|重新计票|矛盾"),
        ({"plan.json": lambda d: d.replace(b'"registered":40', b'"registered": 40')}, "规范的写法"),
        ({"rules.json": lambda d: d.replace(b">1/2", b">1/3")}, "这样的缺额"),
        ({"polls.json": lambda d: d.replace(b'"issued":26', b'"issued":25')}, "重新计票"),
        ({"polls.json": lambda d: d.replace(b'"women":', b'"more":1,"women":')}, "规范|不认识"),
    ],
)
def test_what_was_changed_with_the_list_made_to_fit_does_not_count_out(tmp_path, changes, why):
    files = {name: change(PACKAGE.files[name]) for name, change in changes.items()}
    assert all(files[name] != PACKAGE.files[name] for name in files)
    report = report_of(forged(files), tmp_path)
    assert not report.ok
    assert re.search(why, report.checks[-1].sentence), report.checks[-1]


def test_a_package_counted_anew_by_a_forger_has_another_fingerprint(tmp_path):
    method, polls = election()
    other = build(replace(method, registered=41), polls, seed=SEED)
    assert report_of(other, tmp_path).ok
    report = report_of(other, tmp_path, fingerprint=PACKAGE.fingerprint)
    assert report.checks[-1].sentence.endswith("和给出的不一样")
    assert report_of(PACKAGE, tmp_path, fingerprint=PACKAGE.fingerprint.upper()).ok


# Signatures


def test_a_signature_says_who_published_it(tmp_path):
    package = signed(PACKAGE, signer="青石村选举委员会", key=PUBLIC, sign=KEY.sign)
    report = report_of(package, tmp_path, key=PUBLIC.hex())
    assert report.ok
    assert report.checks[-1].sentence == f"签名有效：青石村选举委员会（公钥 {PUBLIC.hex()[:16]}…）"
    assert package.fingerprint == PACKAGE.fingerprint


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s.replace("青石村", "白石村"), "白石村选举委员会的签名不对"),
        (lambda s: s.replace("Ed25519", "SM2"), "签名算法“SM2”这一版不会核验"),
        (lambda s: s.replace('"signer"', '"more":1,"signer"'), "不是规范的写法"),
        (lambda s: "[" + ",".join([s[1:-1]] * 21) + "]", "最多 20 个"),
        (lambda s: "{}", "要是一列签名"),
    ],
)
def test_a_signature_that_does_not_hold_fails_the_package(tmp_path, change, why):
    package = signed(PACKAGE, signer="青石村选举委员会", key=PUBLIC, sign=KEY.sign)
    said = change(package.files[SIGNATURES].decode()).encode()
    report = report_of(with_files(package, **{SIGNATURES: said}), tmp_path)
    assert not report.ok
    assert why in report.checks[-1].sentence


def test_whoever_expects_a_key_is_told_when_it_did_not_sign(tmp_path):
    report = report_of(PACKAGE, tmp_path, key=PUBLIC.hex())
    assert report.checks[-1].sentence == "没有给出的公钥的签名"


# Hostile packages


def test_a_deflated_bomb_and_a_path_upwards_are_refused_unread(tmp_path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(MANIFEST, b"0" * 50_000_000)
    assert "不是平台写出的样子" in verify(bomb).checks[-1].sentence
    path = tmp_path / "up.zip"
    path.write_bytes(archive.pack({**PACKAGE.files, "../../evil.json": b"{}"}))
    assert verify(path).checks[-1].sentence == "有不该有的文件“../../evil.json”"


def test_a_folder_with_a_link_or_something_else_in_it_is_refused(tmp_path):
    PACKAGE.write(tmp_path / "a")
    (tmp_path / "a/images/more.png").symlink_to("/etc/hostname")
    assert "是一个链接" in verify(tmp_path / "a").checks[-1].sentence
    PACKAGE.write(tmp_path / "b")
    (tmp_path / "b/notes.txt").write_text("x")
    assert "有不该有的文件“notes.txt”" in verify(tmp_path / "b").checks[-1].sentence
    assert "不存在" in verify(tmp_path / "nowhere").checks[-1].sentence


@pytest.mark.parametrize("name", sorted(PACKAGE.files.keys() - {"README.txt"}))
def test_a_missing_file_is_named(tmp_path, name):
    files = {key: data for key, data in PACKAGE.files.items() if key != name}
    report = report_of(Package(files), tmp_path)
    assert not report.ok
    assert name[:30] in report.checks[-1].sentence


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plan.json", b"[" * 100_000),
        ("plan.json", b'{"registered":1e999}'),
        ("plan.json", b'{"registered":' + b"9" * 5000 + b"}"),
        ("plan.json", b'{"registered":NaN}'),
        ("plan.json", b'{"registered":1.5}'),
        ("plan.json", b"\xff\xfe"),
        ("plan.json", b'"\\ud800"'),
        ("plan.json", b"null"),
        ("rules.json", b"{}"),
        ("rules.json", b"[{}]"),
        ("polls.json", b"[]"),
        ("polls.json", b"[" + b",".join([b"{}"] * 50) + b"]"),
        ("ballots-1.jsonl", b"{}\n"),
        ("result.json", b"{}"),
    ],
)
def test_a_file_that_says_nonsense_fails_with_a_sentence(tmp_path, name, said):
    report = report_of(forged({name: said}), tmp_path)
    assert not report.ok
    assert report.checks[-1].sentence


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 10**13) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@few
@given(data=st.data())
def test_no_content_makes_the_verifier_fall_over(data, tmp_path_factory):
    name = data.draw(st.sampled_from(["plan.json", "polls.json", "rules.json", MANIFEST]))
    value = json.loads(PACKAGE.files[name])
    here, path = value, []
    while isinstance(here, dict | list) and here and (not path or data.draw(st.booleans())):
        keys = sorted(here) if isinstance(here, dict) else list(range(len(here)))
        path.append((here, data.draw(st.sampled_from(keys))))
        here = here[path[-1][1]]
    owner, key = path[-1]
    owner[key] = data.draw(JSON)
    package = forged({name: evidence.canonical(value)} if name != MANIFEST else {})
    if name == MANIFEST:
        package = with_files(package, **{MANIFEST: evidence.canonical(value)})
    report = report_of(package, tmp_path_factory.mktemp("odd"))
    assert report.checks[-1].sentence
    if report.ok and package.files != PACKAGE.files:  # one that is consistent is another one
        assert report.fingerprint != PACKAGE.fingerprint


# Proofs of single ballots


def test_a_single_ballot_is_proved_without_the_others():
    for line in lines_of(PACKAGE):
        number = json.loads(line)["ballot"]
        proof = prove(PACKAGE.files, number)
        said = check_proof(proof, PACKAGE.fingerprint)
        assert said == f"选票 {number} 是第 1 次投票公布的 26 张之一"
        other = {**proof, "ballot": proof["ballot"].replace('"VALID"', '"BLANK"', 1)}
        with pytest.raises(Unreadable, match="不在公布的选票里"):
            check_proof(other, PACKAGE.fingerprint)
    with pytest.raises(Unreadable, match="没有选票 P1-99999"):
        prove(PACKAGE.files, "P1-99999")
    with pytest.raises(Unreadable, match="不是这个指纹"):
        check_proof(proof, "00" * 32)


# The command


def test_the_command_says_it_in_chinese_and_by_its_exit_code(tmp_path, capsys):
    path = tmp_path / "package.zip"
    path.write_bytes(PACKAGE.as_zip())
    assert main(["verify", str(path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "✓ 打开：共 10 个文件"
    assert said[-1] == "结论：核验通过。"
    assert main(["verify", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"] == PACKAGE.fingerprint
    assert main(["verify", str(path), "--fingerprint", "00"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "结论：核验没有通过。"


def test_signs_that_would_command_a_terminal_are_not_passed_on(tmp_path, capsys):
    method, polls = election()
    PACKAGE.write(tmp_path / "p")
    build(replace(method, title="\x1b[2J青石村"), polls, seed=SEED).write(tmp_path / "q")
    assert main(["verify", str(tmp_path / "q")]) == 0
    (tmp_path / "p/\x1b[2J").write_text("x")
    assert main(["verify", str(tmp_path / "p")]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "�[2J青石村" in said


def test_a_proof_goes_out_and_comes_back_by_the_command(tmp_path, capsys):
    PACKAGE.write(tmp_path / "p")
    assert main(["proof", str(tmp_path / "p"), "P2-00001"]) == 0
    (tmp_path / "proof.json").write_text(capsys.readouterr().out)
    hold = ["check-proof", str(tmp_path / "proof.json"), "--fingerprint"]
    assert main([*hold, PACKAGE.fingerprint]) == 0
    assert main([*hold, "ab"]) == 1
    assert main(["proof", str(tmp_path / "p"), "x"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "× 证据包里没有选票 x"


def test_it_runs_on_a_copy_of_the_folder_with_nothing_but_python(tmp_path):
    home = tmp_path / "yukuai/engines"
    shutil.copytree(BASE / "yukuai/engines/tally", home / "tally")
    PACKAGE.write(tmp_path / "p")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from yukuai.engines.tally.__main__ import main\nsys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, "verify", str(tmp_path / "p")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("结论：核验通过。\n")


def test_a_picture_that_is_not_what_its_hash_says_is_not_packed():
    method, polls = election()
    with pytest.raises(Unreadable, match="不是这个 SM3"):
        build(method, polls, seed=SEED, images={"0" * 64: PNG})


def test_a_box_that_nobody_knows_is_refused():
    method, polls = election()
    lost = replace(polls[0], boxes=(Box("9", "封", 26, 0, 26),))
    with pytest.raises(Unreadable, match="不知道是哪个票箱的"):
        build(method, [lost], seed=SEED)

"""What is written for people says what is there."""

import json
import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

from config.environment import BASE
from scripts import pictures
from yukuai.accounts.routes import iter_routes
from yukuai.cases.states import CASE_WORKFLOW

DOCS = BASE / "docs"
APPS = sorted(path.parent for path in (BASE / "yukuai").glob("*/apps.py"))
READMES = [BASE / "README.md", BASE / "README.zh.md"]
PAGES = [*READMES, *sorted(DOCS.rglob("*.md")), *sorted((BASE / "yukuai").rglob("*.md"))]
ADRS = sorted((DOCS / "adr").glob("0*.md"))
MANUAL = sorted((DOCS / "manual").glob("*.md"))
OURS = {"localhost", "127.0.0.1"}
SYSTEM_PLACES = ("/tmp", "/root", "/var/lib/yukuai-")
"""What operations says of the machine itself; any other absolute path would be somebody's own."""
NEVER_SAID = ("！", "温馨提示", "请知悉", "操作失败", "系统异常", "赋能", "点击这里", "亲，")


def name_of(path: Path) -> str:
    return str(path.relative_to(BASE))


def pages(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", paths, ids=name_of)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def rows(page: Path, *, after: str = "") -> list[list[str]]:
    """The cells of the tables below a heading, without their heads; '' is the whole page."""
    text = read(page).partition(f"\n## {after}\n")[2] if after else read(page)
    if after:
        text = text.partition("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    rulers = [place for place, cells in enumerate(lines) if set(cells[0]) <= set("-|")]
    heads = {*rulers, *(place - 1 for place in rulers)}
    return [cells for place, cells in enumerate(lines) if place not in heads]


# The apps


@pages(APPS)
def test_an_app_says_what_it_owns_and_names_its_events_and_its_workflow(page):
    said = read(page / "README.md")
    events = page / "events.py"
    names = re.findall(r"^class (\w+)", read(events), re.M) if events.exists() else []
    assert [name for name in names if f"`{name}`" not in said] == []
    states = [*page.glob("states.py"), *page.glob("states/*.py")]
    if states:
        assert "States" in said
    if any("Workflow(" in read(module) for module in states):
        assert re.search(r"docs/reference/workflow-[a-z]+\.md", said)


# The pages


@pages(READMES)
def test_a_readme_shows_the_two_commands_and_a_picture(page):
    said = read(page)
    assert "\n    make up " in said
    assert "\n    make test " in said
    assert 'src="docs/pictures/' in said


@pages(PAGES)
def test_no_link_is_dead(page):
    dead = []
    for target in re.findall(r"(?:\]\(|src=\")([^)\"]+)[)\"]", read(page)):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            dead.append(target)
    assert dead == []


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", read(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pages(PAGES)
def test_a_page_names_no_host_but_our_own_and_no_path_of_anybodys_machine(page):
    said = read(page)
    hosts = {host.partition(":")[0] for host in re.findall(r"https?://([\w.:-]+)", said)}
    assert hosts <= OURS
    named = set(re.findall(r"(?<![\w.$:)\]>/*-])/[a-zA-Z][\w./-]*", said))
    assert [path for path in named if not path.startswith(SYSTEM_PLACES) and not served(path)] == []


def served(path: str) -> bool:
    """A route, the beginning of one, or one with its parameters filled."""
    routes = (f"/{route}" for route, _name, _view in iter_routes())
    if path.startswith("/static/") or any(route.startswith(path) for route in routes):
        return True
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


@pages(PAGES)
def test_a_page_names_only_files_and_make_targets_that_are_there(page):
    said = read(page)
    folders = "bench|config|deploy|docs|requirements|scripts|seed|tests|yukuai"
    paths = re.findall(rf"`((?:{folders})/[\w./*-]+)", said)
    assert [path for path in paths if not list(BASE.glob(path.rstrip("/")))] == []
    targets = set(re.findall(r"^([a-z-]+):.*##", read(BASE / "Makefile"), re.M))
    assert set(re.findall(r"`(?:[A-Z]+=\S+ )*make ([a-z-]+)`", said)) <= targets


# Decisions


def test_decisions_are_numbered_without_a_gap_and_listed():
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    titles = {path.name: read(path).splitlines()[0].partition(". ")[2] for path in ADRS}
    index = read(DOCS / "adr/README.md")
    assert re.findall(r"\[(.+)\]\((0.+)\)", index) == [(t, name) for name, t in titles.items()]


@pages(ADRS)
def test_a_decision_has_its_five_parts(page):
    lines = read(page).splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    assert re.fullmatch(r"Date: \d{4}-\d{2}-\d{2}", lines[2])
    assert re.fullmatch(r"Status: \w+.*", lines[3])
    parts = [line for line in lines if line in {"## Context", "## Decision", "## Consequences"}]
    assert parts == ["## Context", "## Decision", "## Consequences"]


# The glossary


def test_the_glossary_is_one_to_one():
    words = [cells[:2] for cells in rows(DOCS / "glossary.md") if len(cells) == 3]
    for column in (0, 1):
        said = [cells[column] for cells in words]
        assert [word for word in said if said.count(word) > 1] == []
    assert len(words) > 60


def test_every_word_of_the_glossary_is_in_the_code():
    code = "\n".join(read(path) for path in (BASE / "yukuai").rglob("*.py"))
    data = "\n".join(read(path) for path in (BASE / "templates").rglob("*.html"))
    names = set(re.findall(r"[A-Za-z_][\w-]*", code)) | set(re.findall(r"[A-Za-z]+", code))
    for cells in rows(DOCS / "glossary.md"):
        word, name = cells[0], cells[1].strip("`")
        assert word in code or word in data, f"nobody reads {word}"
        assert name in names, f"no code says {name}"


def test_the_glossary_names_every_state_and_move_of_a_matter():
    page = DOCS / "glossary.md"
    states = [(label, f"`{state}`") for state, label in CASE_WORKFLOW.states.items()]
    assert [tuple(cells) for cells in rows(page, after="States of a matter")] == states
    moves = [(move.label, f"`{move.name}`") for move in CASE_WORKFLOW.moves]
    assert [tuple(cells) for cells in rows(page, after="Moves of a matter")] == moves


# Dependencies


def required(name: str) -> set[str]:
    lines = read(BASE / "requirements" / name).splitlines()
    found = (re.match(r"[\w.-]+", line) for line in lines if line and line[0] not in "#-")
    return {match.group() for match in found if match}


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("The product (`requirements/base.in`)", required("base.in")),
        ("Tools and tests (`requirements/dev.in`)", required("dev.in")),
        ("Node for machines without it (`requirements/node.in`)", required("node.in")),
    ],
)
def test_every_python_dependency_has_its_reason_and_no_reason_is_left_over(heading, names):
    listed = [cells[0].strip("`") for cells in rows(DOCS / "dependencies.md", after=heading)]
    assert sorted(listed) == sorted(names)


def test_every_dependency_of_the_front_end_has_its_reason():
    package = json.loads(read(BASE / "package.json"))
    heading = "Front end (`package.json`)"
    listed = [cells[0].strip("`") for cells in rows(DOCS / "dependencies.md", after=heading)]
    assert sorted(listed) == sorted({**package["dependencies"], **package["devDependencies"]})


# The manual and its pictures


@pages(MANUAL)
def test_the_manual_speaks_plainly(page):
    said = read(page)
    assert [words for words in NEVER_SAID if words in said] == []


def test_every_picture_is_small_is_shown_and_can_be_made_anew():
    files = {path.stem: path for path in (DOCS / "pictures").iterdir()}
    assert {path.suffix for path in files.values()} == {".png"}
    assert set(files) == set(pictures.SHOTS)
    shown = "\n".join(read(page) for page in PAGES)
    assert [name for name in files if f"pictures/{name}.png" not in shown] == []
    sizes = [path.stat().st_size for path in files.values()]
    assert max(sizes) <= pictures.LARGEST
    assert sum(sizes) <= 3_000_000

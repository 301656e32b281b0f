"""docs/reference: pages made from the code and the data it ships, so that they cannot lie."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yukuai.accounts.roles import PERMISSIONS, ROLES, Permission, Reach
from yukuai.boundaries.states import LINE_WORKFLOW
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.disputes.states import DISPUTE_WORKFLOW
from yukuai.elections.states import ELECTION_WORKFLOW
from yukuai.registry.states import OUTPUT_WORKFLOW
from yukuai.roster.states import HANDOVER_WORKFLOW
from yukuai.workflow.definitions import Move, Workflow
from yukuai.workflow.loading import read_rule_pack
from yukuai.workflow.rule_packs import term_of

if TYPE_CHECKING:
    from yukuai.workflow.models import RulePack

NOTE = "Made by `make docs` from {source}. Do not edit: a test compares this page with them."
REACHES = {
    Reach.CAPTURE: "where the post stands",
    Reach.SEARCH: "where the post may look",
    Reach.STATISTICS: "where the post may count",
    Reach.UNIT: "only what lies with the own unit",
    Reach.HOLDER: "only what is one's own",
}


def make_pages(*, rule_packs: Path) -> dict[str, str]:
    """File name to content."""
    packs = [read_rule_pack(path) for path in sorted(rule_packs.glob("*.toml"))]
    return {
        "workflow-case.md": workflow_page("The life of a matter", CASE_WORKFLOW, app="cases"),
        "workflow-dispute.md": workflow_page(
            "The life of a dispute", DISPUTE_WORKFLOW, app="disputes"
        ),
        "workflow-roster.md": workflow_page(
            "The life of a hand-over", HANDOVER_WORKFLOW, app="roster"
        ),
        "workflow-line.md": workflow_page(
            "The life of a drawing of lines", LINE_WORKFLOW, app="boundaries"
        ),
        "workflow-election.md": workflow_page(
            "The life of an election", ELECTION_WORKFLOW, app="elections"
        ),
        "workflow-registry.md": workflow_page(
            "The life of an output of a report", OUTPUT_WORKFLOW, app="registry"
        ),
        "permissions.md": permissions_page(),
        "terms.md": terms_page(packs),
    }


def workflow_page(title: str, workflow: Workflow, *, app: str) -> str:
    lawful = any(move.law for move in workflow.moves)
    head = ("move", "button", "from", "to", "permission", "said beside it", "timed")
    states = [(f"`{state}`", label) for state, label in workflow.states.items()]
    return _page(
        title,
        _states_of(app),
        "States and moves as `advance()` knows them. A move that is not listed is refused.",
        f"```mermaid\n{workflow.mermaid()}\n```",
        "## States",
        _table(("state", "said as"), states),
        "## Moves",
        "A *timed* move has no button: the worker makes it when the named deadline has passed.",
        _table(
            (*head, "article") if lawful else head,
            [
                (*_move(workflow, move), move.law) if lawful else _move(workflow, move)
                for move in workflow.moves
            ],
        ),
    )


def _states_of(app: str) -> str:
    """The module of the table, or its package."""
    folder = Path(__file__).parents[1] / app
    return (
        f"`yukuai/{app}/states/`" if (folder / "states").is_dir() else f"`yukuai/{app}/states.py`"
    )


def _move(workflow: Workflow, move: Move) -> Sequence[str]:
    sources = [label for state, label in workflow.states.items() if state in move.sources]
    return (
        f"`{move.name}`",
        move.label,
        "、".join(sources),
        workflow.states[move.target],
        f"{PERMISSIONS[move.permission].label} (`{move.permission}`)",
        move.does,
        f"`{move.timed}`" if move.timed else "",
    )


def permissions_page() -> str:
    roles = list(ROLES.items())
    matrix = [
        (
            f"{PERMISSIONS[permission].label} (`{permission}`)",
            REACHES[PERMISSIONS[permission].reach],
            *("●" if permission in rule.permissions else "" for _role, rule in roles),
        )
        for permission in Permission
    ]
    described = [
        (f"{rule.label} (`{role}`)", rule.description, rule.family, "、".join(sorted(rule.levels)))
        for role, rule in roles
    ]
    return _page(
        "Roles and permissions",
        "`yukuai/accounts/roles.py`",
        "Whoever holds a post of one family holds none of another (三员分立). A role without"
        " levels is not a post: it arises by itself.",
        "## Roles",
        _table(("role", "for", "family", "posts at"), described),
        "## Permissions",
        _table(("permission", "reach", *(rule.label for _role, rule in roles)), matrix),
    )


def terms_page(packs: Iterable["RulePack"]) -> str:
    sections: list[str] = []
    for pack in packs:
        until = f"until {pack.effective_to} (not included)" if pack.effective_to else "open"
        place = pack.jurisdiction or "everywhere"
        sections += [
            f"## {pack.code}, version {pack.version}",
            f"Subject `{pack.subject}`, {place}, from {pack.effective_from}, {until}.",
            pack.source,
        ]
        if terms := pack.params.get("terms"):
            sections.append(_table(("term", "for", "length", "source"), _terms(terms)))
        if limits := pack.params.get("limits"):
            sections.append(_table(("limit", "for", "value", "source"), _limits(limits)))
    return _page(
        "Terms and limits",
        "`seed/rulepacks/*.toml`",
        "What is pinned when a matter begins. Days end at 24:00 in Chongqing, the first day does"
        " not count, working days follow `seed/special_days.csv`. “产品设定” is a default of the"
        " product and not the law.",
        *sections,
    )


def _terms(terms: dict[str, Any]) -> list[Sequence[str]]:
    return [
        (f"`{name}`", raw["label"], str(term_of(raw)), raw["source"]) for name, raw in terms.items()
    ]


def _limits(limits: dict[str, Any]) -> list[Sequence[str]]:
    return [
        (f"`{name}`", raw["label"], str(raw["value"]), raw["source"])
        for name, raw in limits.items()
    ]


def _page(title: str, source: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE.format(source=source), *parts]) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines
    )

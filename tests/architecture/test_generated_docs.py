"""docs/reference says what the code says. `make docs` writes it anew."""

import pytest
from django.core.management import call_command

from config.environment import BASE
from yukuai.accounts.roles import ROLES, Permission
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.flows.reference import make_pages

PAGES = make_pages(rule_packs=BASE / "seed/rulepacks")


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_the_one_the_code_makes(name):
    committed = (BASE / "docs/reference" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], f"docs/reference/{name} is old: run `make docs`"


def test_the_command_writes_what_is_compared(tmp_path):
    call_command("make_docs", into=tmp_path / "reference", verbosity=0)
    written = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "reference").iterdir()}
    assert written == PAGES


def test_every_move_every_role_and_every_permission_is_on_its_page():
    moves, rights = PAGES["workflow-case.md"], PAGES["permissions.md"]
    assert all(f"| `{move.name}` |" in moves for move in CASE_WORKFLOW.moves)
    assert all(f"(`{permission}`)" in rights for permission in Permission)
    assert all(f"(`{role}`)" in rights for role in ROLES)

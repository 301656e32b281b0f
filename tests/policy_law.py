"""The law of the policy: what `check` allows row by row is what `visible` shows, and nothing else.

For any model that has an `area`: give the rows and let hypothesis think of the actors.
"""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Grant, Permission
from yukuai.accounts.roles import PERMISSIONS, Reach, Role
from yukuai.kernel.scope import EVERYWHERE, scope


def permissions_on(model: Any) -> list[Permission]:
    """Permissions that can be asked of rows of this model at all."""
    names = {f.name for f in model._meta.get_fields()}
    needs = {Reach.UNIT: "unit_area", Reach.HOLDER: "holders"}
    return [p for p in Permission if needs.get(PERMISSIONS[p].reach, "area") in names]


def grants(paths: Iterable[str], departments: Iterable[int | None]) -> st.SearchStrategy[Grant]:
    """Any role in any place, also such as nobody would appoint."""
    path = st.sampled_from(sorted(paths))
    return st.builds(
        Grant,
        role=st.sampled_from(Role),
        capture=st.none() | path,
        search=st.none() | path,
        statistics=st.none() | path,
        department_id=st.sampled_from(list(departments)),
    )


def actors(
    paths: Iterable[str], departments: Iterable[int | None] = (None,), keys: Iterable[str] = ("-",)
) -> st.SearchStrategy[Actor]:
    return st.builds(
        Actor,
        label=st.just("任何人"),
        grants=st.lists(grants(paths, departments), max_size=3).map(tuple),
        holders=st.lists(st.sampled_from(list(keys)), max_size=2).map(tuple),
    )


def assert_check_and_visible_agree(actor: Actor, permission: Permission, rows: Any) -> None:
    with scope(EVERYWHERE):
        every = list(rows)
        shown = {row.pk for row in policy.visible(actor, permission, rows)}
    allowed = {row.pk for row in every if policy.check(actor, permission, row)}
    assert shown == allowed


def assert_the_fence_lets_through_what_the_policy_allows(
    actor: Actor, permission: Permission, rows: Any
) -> None:
    """Row-level security is the outer fence: never narrower than the policy."""
    with scope(EVERYWHERE):
        allowed = {row.pk for row in rows if policy.check(actor, permission, row)}
    with scope(actor.areas, actor.holders):
        seen = {row.pk for row in rows.all()}
    assert allowed <= seen

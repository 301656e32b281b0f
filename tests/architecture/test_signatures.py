"""Nothing reads or writes without saying for whom; nothing inside reads the clock."""

import importlib
import inspect
import pkgutil

import pytest

from yukuai.kernel import actions

APPS = (
    "divisions",
    "accounts",
    "workflow",
    "documents",
    "messaging",
    "registry",
    "cases",
    "oversight",
    "exchange",
    "roster",
)
STEPS_ON_ROWS = {"rows", "obj"}
"""A query may refine the rows of another one, a step may act on the object of its action."""


def modules(kind):
    for app in APPS:
        for info in pkgutil.walk_packages(
            importlib.import_module(f"yukuai.{app}").__path__, f"yukuai.{app}."
        ):
            parts = info.name.split(".")
            if kind in parts[2:3] and not parts[-1].startswith("_"):
                yield info.name


def public_functions(name):
    module = importlib.import_module(name)
    for label, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == name and not label.startswith("_"):
            yield label, function


@pytest.mark.parametrize("name", sorted(modules("queries")))
def test_a_query_takes_its_actor_first(name):
    wrong = []
    for label, function in public_functions(name):
        first = next(iter(inspect.signature(function).parameters), "")
        if first != "actor" and first not in STEPS_ON_ROWS:
            wrong.append(label)
    assert wrong == []


def test_every_action_takes_its_actor_first_and_the_rest_by_name():
    for name in APPS:
        for module in modules("actions"):
            if module.startswith(f"yukuai.{name}."):
                importlib.import_module(module)
    assert len(actions.CATALOGUE) > 40
    for label, function in actions.CATALOGUE.items():
        first, *rest = inspect.signature(function).parameters.values()
        assert first.name == "actor", label
        assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in rest), label

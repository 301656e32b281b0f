"""The @action decorator: one public write, one transaction, one acting person, one scope."""

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from yukuai.kernel.scope import scope

P = ParamSpec("P")
R = TypeVar("R")


class Acts(Protocol):
    @property
    def areas(self) -> tuple[str, ...]: ...

    @property
    def holders(self) -> tuple[str, ...]: ...


A = TypeVar("A", bound=Acts)
CATALOGUE: dict[str, Callable[..., object]] = {}


def action(function: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
    """Run in a durable transaction of its own, in the actor's scope; never inside another one."""
    _check_signature(function)

    @functools.wraps(function)
    def run(actor: A, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with scope(actor.areas, actor.holders):
            return function(actor, *args, **kwargs)

    CATALOGUE[f"{function.__module__}.{function.__name__}"] = run
    return run


def _check_signature(function: Callable[..., object]) -> None:
    first, *rest = inspect.signature(function).parameters.values()
    if first.name != "actor":
        raise TypeError(f"{function.__qualname__}: the first parameter must be `actor`")
    for parameter in rest:
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__qualname__}: `{parameter.name}` must be keyword-only")

"""The @action decorator: one public write, one transaction, one acting person, one scope."""

import functools
import inspect
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import connection

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


def as_step(act: Callable[P, R]) -> Callable[P, R]:
    """The body of an action as a step of another one, in that one's transaction and scope.

    Only for what must be true together with something the lower app knows nothing of: a message
    from outside is applied exactly when it is ticked off. All checks of the action stay; whoever
    acts must be the actor of the transaction.
    """
    body: Callable[P, R] = act.__wrapped__  # type: ignore[attr-defined]

    @functools.wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        assert connection.in_atomic_block, "as_step() is a step of an @action"
        return body(*args, **kwargs)

    return run


def _check_signature(function: Callable[..., object]) -> None:
    first, *rest = inspect.signature(function).parameters.values()
    if first.name != "actor":
        raise TypeError(f"{function.__qualname__}: the first parameter must be `actor`")
    for parameter in rest:
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__qualname__}: `{parameter.name}` must be keyword-only")

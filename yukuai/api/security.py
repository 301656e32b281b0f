"""Who calls: a client key, as `Authorization: Bearer …`."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja.security import HttpBearer

from yukuai.accounts.actors import authenticate_client
from yukuai.accounts.policy import Actor, Permission, require_anywhere
from yukuai.kernel import clock
from yukuai.kernel.scope import scope

R = TypeVar("R")


class ClientKey(HttpBearer):
    """Sets the client as the actor of the request."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = authenticate_client(token, at=clock.now())
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor


def reads(permission: Permission) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """An operation that looks things up, in the client's scope."""
    return _operation(permission, in_scope=True)


def writes(permission: Permission) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """An operation that calls one action, which opens its own scope."""
    return _operation(permission, in_scope=False)


def _operation(
    permission: Permission, *, in_scope: bool
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    def declare(operation: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(operation)
        def run(request: Any, *args: Any, **kwargs: Any) -> R:
            require_anywhere(request.actor, permission)
            if not in_scope:
                return operation(request, *args, **kwargs)
            with scope(request.actor.areas, request.actor.holders):
                return operation(request, *args, **kwargs)

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return declare

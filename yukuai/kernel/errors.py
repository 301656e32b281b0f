"""Every failure that a caller may expect. One middleware turns these into HTTP, HTMX or JSON.

The message is a Chinese sentence for the person who acts: what happened, what is safe, what to do.
"""


class DomainError(Exception):
    status = 400
    code = "error"

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class NotPermitted(DomainError):
    """Inside one's area, without the right."""

    status = 403
    code = "not-permitted"


class NotFound(DomainError):
    """Also raised for things the actor may not see: never tell the two apart."""

    status = 404
    code = "not-found"


class Conflict(DomainError):
    """The request was fine, but the world has moved on, or the rules do not allow it yet."""

    status = 409
    code = "conflict"


class InvalidInput(DomainError):
    """What was typed cannot be used. `fields` says, field by field, what to do."""

    status = 422
    code = "invalid-input"

    def __init__(self, message: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(message, fields=fields or {})
        self.fields = fields or {}


class TooMany(DomainError):
    """Too often; `retry_after` is in seconds."""

    status = 429
    code = "too-many"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something we lean on does not answer. Nothing was changed."""

    status = 503
    code = "unavailable"

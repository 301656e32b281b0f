"""How long somebody stays signed in, kept in the session itself (rules.SESSIONS)."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils.module_loading import import_string

from yukuai.accounts.rules import SESSIONS, session_end

if TYPE_CHECKING:
    from yukuai.accounts.models import User

POST_KEY = "post_id"
"""In which post a member of staff works."""
BEGAN = "began"
SEEN = "seen"
NOTE_EVERY = timedelta(minutes=5)
"""Being seen is written down this often, not at every request."""


def begin(session: Any, *, kind: str, at: datetime) -> None:
    session[BEGAN] = session[SEEN] = at.timestamp()
    session.set_expiry(int(SESSIONS[kind].whole.total_seconds()))


def end_reason(session: Any, *, kind: str, at: datetime) -> str:
    """Why the session is over: 'age' or 'idle'. While it goes on, '', and it is noted as seen."""
    if BEGAN not in session:
        begin(session, kind=kind, at=at)
    began, seen = _moment(session[BEGAN]), _moment(session[SEEN])
    reason = session_end(kind, began=began, seen=seen, at=at)
    if not reason and at - seen >= NOTE_EVERY:
        session[SEEN] = at.timestamp()
        session.set_expiry(int((SESSIONS[kind].whole - (at - began)).total_seconds()))
    return reason


def end_sessions(user: "User", *, post_id: int | None = None) -> int:
    """A step of an action: sign the user out everywhere, or where he works in that post."""
    ended = 0
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    for signed_in in UserSession.objects.filter(user=user).order_by("pk"):
        if post_id is None or store(signed_in.session_key).get(POST_KEY) == post_id:
            signed_in.end()
            ended += 1
    return ended


def _moment(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)

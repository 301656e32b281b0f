"""What is being written, kept on the server between the steps.

It lies in the session, sealed: names and telephones are in it. The photos lie with `documents`,
which knows them by their tokens and by a secret of this browser.
"""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from yukuai.kernel import crypto

KEY = "draft"
SENT_KEY = "sent"
LIFE = timedelta(days=7)
PURPOSE = "portal.draft"


@dataclass
class Draft:
    client_uuid: str
    photo_secret: str
    saved: float
    body: str = ""
    category_id: int | None = None
    suggested: bool = False
    """The category comes from the words, not from the person."""
    photos: list[str] = field(default_factory=list)
    division_id: int | None = None
    place_text: str = ""
    named: bool = True
    name: str = ""
    phone: str = ""
    other_phone: bool = False
    """Another telephone than the one of the account."""
    where_done: bool = False

    @property
    def uuid(self) -> UUID:
        return UUID(self.client_uuid)


def find_draft(request: Any, *, at: datetime) -> Draft | None:
    sealed = request.session.get(KEY)
    if not sealed:
        return None
    try:
        draft = Draft(**json.loads(crypto.unseal(sealed, purpose=PURPOSE)))
    except (crypto.BrokenSeal, TypeError, ValueError):  # of another key, or of an older form
        return None
    too_old = at - datetime.fromtimestamp(draft.saved, UTC) > LIFE
    return None if too_old else draft


def new_draft(*, at: datetime, **known: Any) -> Draft:
    draft = Draft(str(uuid4()), secrets.token_urlsafe(24), at.timestamp())
    return replace(draft, **known)


def keep_draft(request: Any, draft: Draft, *, at: datetime) -> None:
    draft.saved = at.timestamp()
    request.session[KEY] = crypto.seal(json.dumps(asdict(draft)), purpose=PURPOSE)


def drop_draft(request: Any) -> None:
    request.session.pop(KEY, None)


def note_sent(request: Any, client_uuid: UUID) -> None:
    """The receipt page of this browser; number and code follow from the UUID."""
    request.session[SENT_KEY] = str(client_uuid)
    drop_draft(request)


def find_sent(request: Any) -> UUID | None:
    sent = request.session.get(SENT_KEY)
    return UUID(sent) if sent else None

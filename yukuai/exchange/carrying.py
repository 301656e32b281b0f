"""The worker's errands: between the database and the outside, never inside a transaction.

Each is harmless when it comes twice or late.
"""

from datetime import date, datetime

from yukuai.accounts.policy import SYSTEM
from yukuai.exchange.actions.receiving import apply_or_refuse, keep_notices, settle_matter
from yukuai.exchange.actions.reconciling import keep_failure, keep_report
from yukuai.exchange.actions.sending import claim_parcel, note_failure, note_taken
from yukuai.exchange.actions.systems import note_pull_failure
from yukuai.exchange.gateways.port import (
    Call,
    Channel,
    Page,
    Rejected,
    Said,
    Unreachable,
    Wanted,
    port_of,
)
from yukuai.exchange.queries.systems import find_system, get_channel, get_system_by_id
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, scope

PAGES = 50
"""Of one pull: what is left comes with the next one."""


def deliver(*, parcel_id: int, attempt: int, at: datetime) -> None:
    """One attempt at one parcel."""
    claimed = claim_parcel(SYSTEM, parcel_id=parcel_id, attempt=attempt, at=at)
    if claimed is None:
        return
    try:
        taken = port_of(claimed.channel).push(claimed.outgoing)
    except (Unreachable, Rejected) as error:
        final = isinstance(error, Rejected)
        note_failure(SYSTEM, parcel_id=parcel_id, error=error.message, final=final, at=at)
    else:
        note_taken(SYSTEM, parcel_id=parcel_id, taken=taken, at=at)


def hear(*, code: str, call: Call, at: datetime) -> int:
    """They call us. Returns how many words were new. Raises Forged, Replayed, NotFound."""
    with scope(EVERYWHERE):
        system = find_system(SYSTEM, code=code)
        if system is None:
            raise NotFound("没有这个外部系统，或者已经停用。")
        channel = get_channel(SYSTEM, system=system, at=at)
    heard = port_of(channel).callback(call, at=at)
    return keep_notices(
        SYSTEM, system_id=system.pk, items=heard.items, via="callback", nonce=heard.nonce, at=at
    )


def pull(*, system_id: int, at: datetime) -> int:
    """What changed with them behind the cursor, page by page: each page is kept together with
    the cursor behind it. Returns how many words were new."""
    channel, cursor, new = *_channel(system_id, at), 0
    for _ in range(PAGES):
        try:
            page = port_of(channel).pull(Wanted(cursor=cursor))
        except (Unreachable, Rejected) as error:
            note_pull_failure(SYSTEM, system_id=system_id, error=error.message, at=at)
            return new
        new += keep_notices(
            SYSTEM, system_id=system_id, items=page.items, via="pull", cursor=page.cursor, at=at
        )
        if not page.more or page.cursor == cursor:
            break
        cursor = page.cursor
    return new


def _channel(system_id: int, at: datetime) -> tuple[Channel, str]:
    with scope(EVERYWHERE):
        system = get_system_by_id(SYSTEM, system_id=system_id)
        return get_channel(SYSTEM, system=system, at=at), system.cursor


def ask_about(*, system_id: int, external_id: str, at: datetime) -> None:
    """A gap, or a matter nobody described: hear it from them, then go on with what there is."""
    page = _ask(system_id, external_id, at)
    keep_notices(SYSTEM, system_id=system_id, items=page.items, via="pull", at=at)
    settle_matter(system_id=system_id, external_id=external_id, patient=False, at=at)


def _ask(system_id: int, external_id: str, at: datetime) -> Page:
    channel, _cursor = _channel(system_id, at)
    return port_of(channel).pull(Wanted(external_id=external_id))


def retry(*, notice_ids: list[int], at: datetime) -> str:
    """What was refused, once more; the first sentence of a refusal, or ''."""
    for notice_id in notice_ids:
        if refusal := apply_or_refuse(notice_id=notice_id, at=at):
            return refusal
    return ""


def pull_again(*, system_id: int, external_id: str, at: datetime) -> int:
    """One matter, because somebody asks. Raises Unreachable, Rejected."""
    page = _ask(system_id, external_id, at)
    new = keep_notices(SYSTEM, system_id=system_id, items=page.items, via="repair", at=at)
    settle_matter(system_id=system_id, external_id=external_id, patient=False, at=at)
    return new


def reconcile(*, system_id: int, day: date, at: datetime) -> int:
    """Put both lists of a day side by side; the report is kept, also when it failed."""
    channel, _cursor = _channel(system_id, at)
    try:
        theirs = _theirs_of(channel, day)
    except (Unreachable, Rejected) as error:
        return keep_failure(SYSTEM, system_id=system_id, day=day, error=error.message, at=at)
    return keep_report(SYSTEM, system_id=system_id, day=day, theirs=theirs, at=at)


def _theirs_of(channel: Channel, day: date) -> dict[str, str]:
    """Id to newest state."""
    newest: dict[str, Said] = {}
    cursor = ""
    for _ in range(10 * PAGES):
        page = port_of(channel).pull(Wanted(cursor=cursor, day=day))
        for said in page.items:
            known = newest.get(said.external_id)
            if known is None or known.sequence <= said.sequence:
                newest[said.external_id] = said
        if not page.more or page.cursor == cursor:
            break
        cursor = page.cursor
    return {external_id: said.state for external_id, said in newest.items()}

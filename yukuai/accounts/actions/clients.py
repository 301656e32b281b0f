import secrets
from collections.abc import Iterable
from datetime import datetime

from yukuai.accounts import policy
from yukuai.accounts.actions._steps import checked_reason, checked_text
from yukuai.accounts.actors import client_key_hash
from yukuai.accounts.models import ApiClient
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.divisions.queries import get_division
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound

KEY_BYTES = 32


@action
def create_client(
    actor: Actor,
    *,
    name: str,
    purpose: str,
    division_id: int,
    may_write: bool,
    fields: Iterable[str],
    valid_to: datetime | None = None,
    at: datetime,
) -> tuple[ApiClient, str]:
    """An outside system with a declared purpose, and its key, which is shown only here."""
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.CLIENT_MANAGE, division)
    called = checked_text(name, field="name", label="名称", limit=60)
    if ApiClient.objects.filter(name=called).exists():
        sentence = "已经有同名的接口客户。"
        raise InvalidInput(sentence, fields={"name": sentence})
    if valid_to is not None and valid_to <= at:
        sentence = "到期日要在今天以后。"
        raise InvalidInput(sentence, fields={"valid_to": sentence})
    key = f"yk_{secrets.token_urlsafe(KEY_BYTES)}"
    client = ApiClient(
        name=called,
        purpose=checked_text(purpose, field="purpose", label="目的", limit=200),
        key_hash=client_key_hash(key),
        may_write=may_write,
        fields=sorted({word.strip() for word in fields if word.strip()}),
        division=division,
        valid_from=at,
        valid_to=valid_to,
        created_by=actor.label,
    )
    client.save()
    _remember(actor, client, act="client.create", at=at, purpose=client.purpose)
    return client, key


@action
def end_client(actor: Actor, *, client_id: int, reason: str, at: datetime) -> ApiClient:
    """From this moment the key opens nothing."""
    client = ApiClient.objects.select_for_update().filter(pk=client_id).first()
    if client is None or not policy.check(actor, Permission.CLIENT_MANAGE, client):
        policy.require_anywhere(actor, Permission.CLIENT_MANAGE)
        raise NotFound("没有这个接口客户。")
    if client.valid_to is not None and client.valid_to <= at:
        raise Conflict("这个接口客户已经停用了。")
    tidy = checked_reason(reason)
    client.valid_to = at
    client.save(update_fields=["valid_to"])
    _remember(actor, client, act="client.end", at=at, purpose=tidy)
    return client


def _remember(actor: Actor, client: ApiClient, *, act: str, at: datetime, purpose: str) -> None:
    record(
        actor,
        act=act,
        target=f"client:{client.pk}",
        area=client.area,
        at=at,
        purpose=purpose,
        name=client.name,
        may_write=client.may_write,
        fields=client.fields,
    )

from datetime import datetime

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.actors import client_actor, held_at
from yukuai.accounts.models import ApiClient
from yukuai.accounts.policy import Actor, Permission
from yukuai.kernel.errors import NotFound


def list_clients(actor: Actor) -> QuerySet[ApiClient]:
    policy.require_anywhere(actor, Permission.CLIENT_MANAGE)
    rows = ApiClient.objects.select_related("division")
    return policy.visible(actor, Permission.CLIENT_MANAGE, rows).order_by("name")


def get_client(actor: Actor, *, client_id: int) -> ApiClient:
    client = list_clients(actor).filter(pk=client_id).first()
    if client is None:
        raise NotFound("没有这个接口客户。可能网址不对，也可能不归您的岗位管。")
    return client


def find_client_actor(actor: Actor, *, client_id: int, at: datetime) -> Actor | None:
    """As whom the worker acts for a client; None when its time is over."""
    client = ApiClient.objects.filter(held_at(at), pk=client_id).first()
    return client_actor(client) if client is not None else None

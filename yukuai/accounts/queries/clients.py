from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.models import ApiClient
from yukuai.accounts.policy import Actor, Permission


def list_clients(actor: Actor) -> QuerySet[ApiClient]:
    policy.require_anywhere(actor, Permission.CLIENT_MANAGE)
    rows = ApiClient.objects.select_related("division")
    return policy.visible(actor, Permission.CLIENT_MANAGE, rows).order_by("name")

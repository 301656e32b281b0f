"""The way out to telephones. Which one: the setting SMS_GATEWAY, a dotted path to a class."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from yukuai.kernel.errors import Unavailable

DEVELOPMENT = "yukuai.messaging.gateways.development.DevelopmentGateway"
NONE = "yukuai.messaging.gateways.sms.NoGateway"


@dataclass(frozen=True)
class GatewayReceipt:
    """The gateway has taken it over, and calls it `gateway_id`.

    `spooled`: it lies in the queue of a process that is bound to the SMS centre, and is not sent
    before that process says so.
    """

    gateway_id: str
    spooled: bool = False


class SmsGateway(Protocol):
    """`reference` is the same in every attempt at one text. A gateway that knows it already
    answers with the receipt of the first time and sends nothing; one that cannot do so may send
    twice when a worker dies between the sending and its note of it."""

    def send(self, *, phone: str, text: str, reference: UUID) -> GatewayReceipt:
        """Raises Unavailable, with a sentence; then nothing was sent."""
        ...


class NoGateway:
    """Until an installation has chosen one."""

    def send(self, *, phone: str, text: str, reference: UUID) -> GatewayReceipt:
        raise Unavailable("还没有接入短信网关，短信发不出去。请系统管理员设置 SMS_GATEWAY。")


def sms_gateway() -> SmsGateway:
    path = settings.SMS_GATEWAY or (DEVELOPMENT if settings.DEMO else NONE)
    gateway: SmsGateway = import_string(path)()
    return gateway

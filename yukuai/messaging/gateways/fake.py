from dataclasses import dataclass
from uuid import UUID

from yukuai.kernel.errors import Unavailable
from yukuai.messaging.gateways.sms import GatewayReceipt


@dataclass(frozen=True)
class Sent:
    phone: str
    text: str
    reference: UUID


class FakeGateway:
    """For tests: remembers what it sent; `broken` makes it refuse. Its memory is the class's,
    because each job makes a gateway of its own."""

    sent: list[Sent] = []
    broken = ""

    def send(self, *, phone: str, text: str, reference: UUID) -> GatewayReceipt:
        if self.broken:
            raise Unavailable(self.broken)
        if all(known.reference != reference for known in self.sent):
            self.sent.append(Sent(phone, text, reference))
        return GatewayReceipt(gateway_id=f"fake-{reference}")

    @classmethod
    def reset(cls) -> None:
        cls.sent, cls.broken = [], ""

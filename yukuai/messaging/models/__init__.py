from yukuai.messaging.models.calls import CallReason, PhoneTask
from yukuai.messaging.models.consent import IncomingSms, SmsConsent
from yukuai.messaging.models.outbox import (
    Channel,
    Delivery,
    DeliveryState,
    DevelopmentSms,
    Message,
    MessageTemplate,
)
from yukuai.messaging.models.parts import GatewayLink, PartState, SmsPart

__all__ = [
    "CallReason",
    "Channel",
    "Delivery",
    "DeliveryState",
    "DevelopmentSms",
    "GatewayLink",
    "IncomingSms",
    "Message",
    "MessageTemplate",
    "PartState",
    "PhoneTask",
    "SmsConsent",
    "SmsPart",
]

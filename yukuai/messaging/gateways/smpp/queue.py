from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from yukuai.kernel import clock
from yukuai.kernel.errors import Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.gateways.sms import GatewayReceipt
from yukuai.messaging.models import Delivery, GatewayLink, PartState, SmsPart
from yukuai.messaging.parts import split
from yukuai.messaging.rules import CODE_KEPT, PART_KEPT

NAME = "smpp"
CHANNEL = "yukuai_smpp"
HEARD_WITHIN = timedelta(seconds=30)
NOBODY = "短信网关现在没有连上短信中心。稍后会自动再试。"
SIGN_IN_CODE = "sign-in-code"


class SmppGateway:
    """Puts a text into the queue of the process that is bound, part by part. The same reference
    again puts back only what the SMS centre has refused."""

    def send(self, *, phone: str, text: str, reference: UUID) -> GatewayReceipt:
        at = clock.now()
        with scope(EVERYWHERE):
            link = GatewayLink.objects.filter(name=NAME).first()
            if link is None or not link.bound or at - link.seen_at > HEARD_WITHIN:
                raise Unavailable(NOBODY)
            delivery = Delivery.objects.filter(reference=reference).select_for_update().first()
            if delivery is None:
                raise Unavailable("没有登记这条短信，发不出去。")
            SmsPart.objects.bulk_create(_parts(delivery, text, at), ignore_conflicts=True)
            SmsPart.objects.filter(delivery=delivery, state=PartState.REFUSED).update(
                state=PartState.WAITING, not_before=at, expires_at=at + PART_KEPT
            )
            with connection.cursor() as cursor:
                cursor.execute(f"NOTIFY {CHANNEL}")
        return GatewayReceipt(gateway_id="", spooled=True)


def _parts(delivery: Delivery, text: str, at: datetime) -> list[SmsPart]:
    kept = CODE_KEPT if delivery.template == SIGN_IN_CODE else PART_KEPT
    return [
        SmsPart(
            delivery=delivery,
            holders=delivery.holders,
            number=part.number,
            total=part.total,
            alphabet=part.alphabet.value,
            text=part.text,
            urgent=delivery.urgent,
            created_at=at,
            not_before=at,
            expires_at=at + kept,
        )
        for part in split(text, wide=bool(settings.SMPP["wide_reference"]))
    ]

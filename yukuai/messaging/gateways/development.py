from uuid import UUID

from django.conf import settings

from yukuai.accounts.actors import phone_key
from yukuai.kernel import clock
from yukuai.kernel.errors import Unavailable
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.gateways.sms import GatewayReceipt
from yukuai.messaging.models import DevelopmentSms


class DevelopmentGateway:
    """In demo mode texts go to a page (`/dev/messages`) instead of a telephone."""

    def send(self, *, phone: str, text: str, reference: UUID) -> GatewayReceipt:
        if not settings.DEMO:
            raise Unavailable("开发用的短信网关只在演示模式下工作。请系统管理员设置 SMS_GATEWAY。")
        sms = DevelopmentSms(
            reference=reference,
            holders=[phone_key(phone)],
            phone=phone,
            text=text,
            received_at=clock.now(),
        )
        with scope(EVERYWHERE):
            DevelopmentSms.objects.bulk_create([sms], ignore_conflicts=True)
        return GatewayReceipt(gateway_id=f"dev-{reference}")

from datetime import datetime

from yukuai.messaging.sending import send_code_now


class SmsCodeSender:
    """What accounts asks for when somebody signs in: by text, now, and never kept."""

    def send_code(self, *, phone: str, code: str, at: datetime) -> None:
        send_code_now(phone=phone, code=code, at=at)

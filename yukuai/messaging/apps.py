from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "yukuai.messaging"

    def ready(self) -> None:
        from yukuai.accounts.gateways import register_sender
        from yukuai.kernel.outbox import SUBSCRIBERS
        from yukuai.messaging.codes import SmsCodeSender
        from yukuai.messaging.events import SmsQueued
        from yukuai.messaging.tasks import deliver

        SUBSCRIBERS[SmsQueued].append(deliver)
        register_sender(SmsCodeSender())

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "yukuai.messaging"

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yukuai.accounts"

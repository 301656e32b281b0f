from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "yukuai.accounts"

    def ready(self) -> None:
        from yukuai.accounts import routes  # noqa: F401  (registers the check)

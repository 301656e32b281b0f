from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "yukuai.kernel"
    label = "kernel"

    def ready(self) -> None:
        from yukuai.kernel import checks  # noqa: F401

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "yukuai.kernel"
    label = "kernel"

"""The worker's part in the register."""

from yukuai.registry.tasks import counting, importing, outputs

__all__ = ["counting", "importing", "outputs"]

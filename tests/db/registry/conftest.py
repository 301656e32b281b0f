from tests.registering import codes, places

__all__ = ["codes", "places"]

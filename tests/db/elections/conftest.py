import pytest

from tests.electing import places, ruled

__all__ = ["places", "ruled"]


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.PUBLIC_BASE_URL = "https://shequ.example"
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path},
    }
    settings.STORAGES = {**settings.STORAGES, "default": folder}

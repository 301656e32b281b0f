"""The four surfaces. Every route declares who may open it (tests/architecture, checks)."""

from typing import Any

urlpatterns: list[Any] = []
handler400 = "yukuai.kernel.web.bad_request"
handler403 = "yukuai.kernel.web.forbidden"
handler404 = "yukuai.kernel.web.not_found"
handler500 = "yukuai.kernel.web.server_error"

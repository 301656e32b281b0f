"""The four surfaces. Every route declares who may open it (yukuai/accounts/access.py)."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("yukuai.api.urls")),
    path("work/", include("yukuai.workbench.urls", namespace="work")),
    path("dev/", include(("yukuai.workbench.dev.urls", "dev"))),
    path("", include("yukuai.portal.urls", namespace="portal")),  # last: it matches everything
]
handler400 = "yukuai.kernel.web.bad_request"
handler403 = "yukuai.kernel.web.forbidden"
handler404 = "yukuai.kernel.web.not_found"
handler500 = "yukuai.kernel.web.server_error"

"""民政易."""

from django.urls import include, path

app_name = "portal"
urlpatterns = [
    path("", include("yukuai.portal.signin.urls")),
    path("", include("yukuai.portal.verify.urls")),
]

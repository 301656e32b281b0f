"""民政易."""

from django.urls import include, path

app_name = "portal"
ROOMS = (
    "home",
    "community",
    "raising",
    "neighbours",
    "matters",
    "mediation",
    "me",
    "help",
    "pwa",
    "inbox",
    "signin",
    "verify",
    "watch",
    "tiles",
)
urlpatterns = [path("", include(f"yukuai.portal.{room}.urls")) for room in ROOMS]

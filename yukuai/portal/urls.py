"""民政易."""

from django.urls import include, path

app_name = "portal"
ROOMS = (
    "home",
    "community",
    "facilities",
    "elections",
    "raising",
    "neighbours",
    "matters",
    "mediation",
    "me",
    "record",
    "help",
    "pwa",
    "inbox",
    "signin",
    "verify",
    "watch",
    "tiles",
)
urlpatterns = [path("", include(f"yukuai.portal.{room}.urls")) for room in ROOMS]

"""工作台."""

from django.urls import include, path

app_name = "work"
urlpatterns = [
    path("", include("yukuai.workbench.signin.urls")),
]

from django.urls import include, path

from yukuai.workbench.dev import views

urlpatterns = [
    path("logins/", views.logins, name="logins"),
    path("components/", views.components, name="components"),
    path("", include("yukuai.workbench.devsms.urls")),
]

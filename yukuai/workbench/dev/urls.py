from django.urls import path

from yukuai.workbench.dev import views

urlpatterns = [path("logins/", views.logins, name="logins")]

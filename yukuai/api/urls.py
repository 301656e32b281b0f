from django.urls import path

from yukuai.api.app import api

urlpatterns = [path("", api.urls)]

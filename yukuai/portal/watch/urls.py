from django.urls import path

from yukuai.portal.watch import views

urlpatterns = [
    path("readyz", views.ready, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
]

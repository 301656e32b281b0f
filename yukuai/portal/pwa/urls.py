from django.urls import path

from yukuai.portal.pwa import views

urlpatterns = [
    path("sw.js", views.service_worker, name="service-worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("healthz", views.health, name="healthz"),
]

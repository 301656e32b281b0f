from django.urls import path

from yukuai.workbench.map import views

urlpatterns = [
    path("map/", views.page, name="map"),
    path("map/pins.json", views.pins, name="map-pins"),
]

from django.urls import path

from yukuai.workbench.map import tiles, views

urlpatterns = [
    path("map/", views.page, name="map"),
    path("map/pins.json", views.pins, name="map-pins"),
    path("tiles/<str:layers>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
]

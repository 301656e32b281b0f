from django.urls import path

from yukuai.workbench.map import panels, spots, tiles, views

urlpatterns = [
    path("map/", views.page, name="map"),
    path("map/find/", views.find, name="map-find"),
    path("map/places/<int:division_id>/", panels.place, name="map-place"),
    path("map/places/<int:division_id>/trend/", panels.trend, name="map-trend"),
    path("map/at/<slug:kind>/<int:spot_id>/", spots.thing, name="map-thing"),
    path("map/spot/", panels.spot, name="map-spot"),
    path("map/figures.json", panels.figures, name="map-figures"),
    path("tiles/<str:layers>/<int:z>/<int:x>/<int:y>.mvt", tiles.tile, name="tile"),
]

from django.urls import path

from yukuai.portal.tiles import views

urlpatterns = [path("tiles/<str:layers>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile")]

from django.urls import path

from yukuai.portal.facilities import views

urlpatterns = [
    path("facilities/", views.near, name="facilities"),
    path("facilities/<int:facility_id>/", views.one, name="facility"),
]

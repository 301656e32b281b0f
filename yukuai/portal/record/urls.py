from django.urls import path

from yukuai.portal.record import views

urlpatterns = [
    path("me/record/", views.record, name="record"),
    path("me/record/prove/", views.prove, name="record-prove"),
    path("me/record/<int:person_id>/open/<slug:field>/", views.open_field, name="record-open"),
    path("me/record/<int:person_id>/wrong/<slug:field>/", views.wrong, name="record-wrong"),
]

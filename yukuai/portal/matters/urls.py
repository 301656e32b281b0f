from django.urls import path

from yukuai.portal.matters import following, views

urlpatterns = [
    path("matters/", views.matters, name="matters"),
    path("matters/<str:number>/", views.matter, name="matter"),
    path("matters/<str:number>/rate/", views.rate, name="matter-rate"),
    path("matters/<str:number>/withdraw/", views.withdraw, name="matter-withdraw"),
    path("matters/<str:number>/receipt/", views.receipt, name="matter-receipt"),
    path("matters/<str:number>/photos/<int:attachment_id>/", views.photo, name="matter-photo"),
    path(
        "matters/<str:number>/documents/<int:document_id>/",
        views.document,
        name="matter-document",
    ),
    path("follow/", following.follow, name="follow"),
    path("follow/forget/", following.forget, name="follow-forget"),
]

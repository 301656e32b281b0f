from django.urls import path, register_converter

from yukuai.portal.matters import following, views


class NumberConverter:
    """ZT-2611-004182, however it is written."""

    regex = "[0-9A-Za-z-]{1,30}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NumberConverter, "matternumber")

urlpatterns = [
    path("matters/", views.matters, name="matters"),
    path("matters/<matternumber:number>/", views.matter, name="matter"),
    path("matters/<matternumber:number>/rate/", views.rate, name="matter-rate"),
    path("matters/<matternumber:number>/withdraw/", views.withdraw, name="matter-withdraw"),
    path("matters/<matternumber:number>/receipt/", views.receipt, name="matter-receipt"),
    path(
        "matters/<matternumber:number>/photos/<int:attachment_id>/",
        views.photo,
        name="matter-photo",
    ),
    path(
        "matters/<matternumber:number>/documents/<int:document_id>/",
        views.document,
        name="matter-document",
    ),
    path("follow/", following.follow, name="follow"),
    path("follow/forget/", following.forget, name="follow-forget"),
]

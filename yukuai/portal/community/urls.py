from django.urls import path, register_converter

from yukuai.portal.community import duties, views


class CodeConverter:
    """An official code, or one of ours."""

    regex = "[0-9A-Za-z]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "divisioncode")

urlpatterns = [
    path("community/", views.choose, name="community"),
    path("c/<divisioncode:code>/", views.by_code, name="by-code"),
    path("c/<divisioncode:code>/poster/", views.poster, name="poster"),
    path("c/<divisioncode:code>/duties/", duties.duties, name="duties"),
]

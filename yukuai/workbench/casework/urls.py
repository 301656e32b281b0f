from django.urls import path, register_converter

from yukuai.workbench.casework import doing, listing, neighbours, views


class CaseNumber:
    regex = "[A-Za-z0-9-]{1,20}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumber, "number")
urlpatterns = [
    path("cases/", listing.case_list, name="cases"),
    path("cases/closed/", views.closed_drawer, name="closed"),
    path("cases/<number:number>/", views.case_page, name="case"),
    path("cases/<number:number>/similar/", neighbours.similar, name="similar"),
    path("cases/<number:number>/contact/", views.contact, name="contact"),
    path("cases/<number:number>/do/<slug:name>/", doing.do, name="do"),
    path("cases/<number:number>/papers/<int:document_id>/", views.paper, name="paper"),
    path("cases/<number:number>/photos/<int:photo_id>/", views.photo, name="photo"),
]

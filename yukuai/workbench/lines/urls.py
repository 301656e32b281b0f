from django.urls import path

from yukuai.workbench.lines import data, desk, doing, files, views

urlpatterns = [
    path("lines/", views.lines, name="lines"),
    path("lines/start/", views.start, name="lines-start"),
    path(
        "lines/of/<int:division_id>/export/<slug:form>/",
        files.export_in_effect,
        name="lines-export-of",
    ),
    path("lines/<slug:number>/", views.draft_page, name="line"),
    path("lines/<slug:number>/map/", desk.page, name="line-map"),
    path("lines/<slug:number>/map.pdf", desk.printed, name="line-print"),
    path("lines/<slug:number>/do/<slug:name>/", doing.do, name="line-do"),
    path("lines/<slug:number>/data/", data.read, name="line-data"),
    path("lines/<slug:number>/shapes/", data.shapes, name="line-shapes"),
    path("lines/<slug:number>/check/", data.check, name="line-check"),
    path("lines/<slug:number>/adopt/", data.adopt, name="line-adopt"),
    path("lines/<slug:number>/fix/", data.fix, name="line-fix"),
    path("lines/<slug:number>/exclave/", data.exclave, name="line-exclave"),
    path("lines/<slug:number>/papers/<int:attachment_id>/", files.paper, name="line-paper"),
    path("lines/<slug:number>/import/", files.bring, name="line-import"),
    path("lines/<slug:number>/export/<slug:form>/", files.export_draft, name="line-export"),
]

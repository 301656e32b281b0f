from django.urls import path

from yukuai.workbench.exports import views

urlpatterns = [
    path("exports/", views.mine, name="exports"),
    path("exports/new/", views.new, name="export-new"),
    path("exports/all/", views.everybody, name="exports-all"),
    path("exports/<number:number>/", views.one, name="export"),
    path("exports/<number:number>/file/", views.file, name="export-file"),
]

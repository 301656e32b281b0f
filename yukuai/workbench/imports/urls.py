from django.urls import path

from yukuai.workbench.imports import views

urlpatterns = [
    path("registry/imports/", views.listed, name="imports"),
    path("registry/imports/new/", views.new, name="import-new"),
    path("registry/imports/<int:batch_id>/", views.one, name="import"),
    path("registry/imports/<int:batch_id>/columns/", views.columns, name="import-columns"),
    path("registry/imports/<int:batch_id>/start/", views.start, name="import-start"),
    path("registry/imports/<int:batch_id>/go-on/", views.go_on, name="import-go-on"),
    path("registry/imports/<int:batch_id>/drop/", views.drop, name="import-drop"),
    path("registry/imports/<int:batch_id>/undo/", views.undo, name="import-undo"),
    path("registry/imports/<int:batch_id>/copy/", views.copy, name="import-copy"),
    path("registry/imports/<int:batch_id>/errors/", views.errors, name="import-errors"),
]

from django.urls import path

from yukuai.workbench.duplicates import views

urlpatterns = [
    path("registry/duplicates/", views.listed, name="duplicates"),
    path("registry/duplicates/<int:one_id>/<int:other_id>/", views.pair, name="duplicate"),
    path("registry/duplicates/<int:one_id>/<int:other_id>/two/", views.two, name="duplicate-two"),
    path("registry/merges/", views.merges, name="merges"),
    path("registry/merges/<int:merge_id>/undo/", views.undo, name="merge-undo"),
]

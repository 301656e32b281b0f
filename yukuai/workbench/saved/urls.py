from django.urls import path

from yukuai.workbench.saved import views

urlpatterns = [
    path("filters/", views.mine, name="filters"),
    path("filters/save/", views.save, name="filter-save"),
    path("filters/<int:filter_id>/rename/", views.rename, name="filter-rename"),
    path("filters/<int:filter_id>/<slug:act>/", views.change, name="filter-change"),
]

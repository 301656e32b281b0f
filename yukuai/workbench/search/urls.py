from django.urls import path

from yukuai.workbench.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/person/", views.contact, name="search-person"),
]

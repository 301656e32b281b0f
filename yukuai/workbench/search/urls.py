from django.urls import path

from yukuai.workbench.search import views

urlpatterns = [path("search/", views.search, name="search")]

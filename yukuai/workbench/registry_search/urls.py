from django.urls import path

from yukuai.workbench.registry_search import views

urlpatterns = [path("registry/search/", views.search, name="registry-search")]

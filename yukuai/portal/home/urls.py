from django.urls import path

from yukuai.portal.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
]

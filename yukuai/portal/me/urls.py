from django.urls import path

from yukuai.portal.me import texts, views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/home/", views.home, name="me-home"),
    path("me/name/", views.name, name="me-name"),
    path("me/texts/", texts.texts, name="me-texts"),
    path("me/viewers/", views.viewers, name="viewers"),
    path("privacy/", views.privacy, name="privacy"),
]

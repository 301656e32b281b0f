from django.urls import path

from yukuai.portal.help import views

urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("help/objection/", views.objection, name="objection"),
]

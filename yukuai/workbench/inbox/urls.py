from django.urls import path

from yukuai.workbench.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox-read-all"),
    path("inbox/<int:message_id>/", views.read, name="inbox-read"),
]

from django.urls import path

from yukuai.portal.inbox import views

urlpatterns = [
    path("messages/", views.messages, name="messages"),
    path("messages/read/", views.read_all, name="messages-read-all"),
    path("messages/<int:message_id>/", views.read, name="message-read"),
]

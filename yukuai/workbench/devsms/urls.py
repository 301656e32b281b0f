from django.urls import path

from yukuai.workbench.devsms import views

urlpatterns = [path("messages/", views.messages, name="messages")]

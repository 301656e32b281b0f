from django.urls import path

from yukuai.workbench.today import views

urlpatterns = [path("", views.today, name="today")]

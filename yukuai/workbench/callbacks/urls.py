from django.urls import path

from yukuai.workbench.callbacks import views

urlpatterns = [
    path("callbacks/", views.callbacks, name="callbacks"),
    path("callbacks/<number:number>/again/", views.again, name="callback-again"),
]

from django.urls import path

from yukuai.workbench.registering import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/done/", views.receipt, name="register-done"),
]

from django.urls import path

from yukuai.workbench.duties import views

urlpatterns = [
    path("duties/", views.duties, name="duties"),
    path("duties/new/", views.new, name="duty-new"),
    path("duties/history/", views.history, name="duties-history"),
    path("duties/<int:duty_id>/end/", views.end, name="duty-end"),
]

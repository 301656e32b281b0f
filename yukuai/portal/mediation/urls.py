from django.urls import path

from yukuai.portal.mediation import views

urlpatterns = [
    path("mediation/", views.mediations, name="mediations"),
    path("mediation/<matternumber:number>/", views.mediation, name="mediation"),
    path("mediation/<matternumber:number>/refuse/", views.refuse, name="mediation-refuse"),
    path("mediation/<matternumber:number>/leave/", views.leave, name="mediation-leave"),
]

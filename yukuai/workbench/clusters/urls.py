from django.urls import path

from yukuai.workbench.clusters import views

urlpatterns = [
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/<int:cluster_id>/", views.cluster, name="cluster"),
]

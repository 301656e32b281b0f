from django.urls import include, path

app_name = "work"
urlpatterns = [
    path("", include("yukuai.workbench.today.urls")),
    path("", include("yukuai.workbench.signin.urls")),
    path("", include("yukuai.workbench.inbox.urls")),
    path("", include("yukuai.workbench.casework.urls")),
    path("", include("yukuai.workbench.registering.urls")),
    path("", include("yukuai.workbench.mediation.urls")),
    path("", include("yukuai.workbench.search.urls")),
    path("", include("yukuai.workbench.board.urls")),
    path("", include("yukuai.workbench.admin.urls")),
]

from django.urls import include, path

app_name = "work"
urlpatterns = [
    path("", include("yukuai.workbench.today.urls")),
    path("", include("yukuai.workbench.signin.urls")),
    path("", include("yukuai.workbench.inbox.urls")),
    path("", include("yukuai.workbench.casework.urls")),
    path("", include("yukuai.workbench.clusters.urls")),
    path("", include("yukuai.workbench.registering.urls")),
    path("", include("yukuai.workbench.calls.urls")),
    path("", include("yukuai.workbench.callbacks.urls")),
    path("", include("yukuai.workbench.roster.urls")),
    path("", include("yukuai.workbench.mediation.urls")),
    # before the records, whose addresses are made of any kind and number
    path("", include("yukuai.workbench.imports.urls")),
    path("", include("yukuai.workbench.duplicates.urls")),
    path("", include("yukuai.workbench.registry.urls")),
    path("", include("yukuai.workbench.search.urls")),
    path("", include("yukuai.workbench.registry_search.urls")),
    path("", include("yukuai.workbench.saved.urls")),
    path("", include("yukuai.workbench.exports.urls")),
    path("", include("yukuai.workbench.board.urls")),
    path("", include("yukuai.workbench.statistics.urls")),
    path("", include("yukuai.workbench.map.urls")),
    path("", include("yukuai.workbench.lines.urls")),
    path("", include("yukuai.workbench.reports.urls")),
    path("", include("yukuai.workbench.elections.urls")),
    path("", include("yukuai.workbench.reviews.urls")),
    path("", include("yukuai.workbench.ruling.urls")),
    path("", include("yukuai.workbench.duties.urls")),
    path("", include("yukuai.workbench.exchange.urls")),
    path("", include("yukuai.workbench.admin.urls")),
]

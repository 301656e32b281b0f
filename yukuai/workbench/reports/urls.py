from django.urls import path

from yukuai.workbench.reports import defining, filling, outputs, overlap, views

ONE, OUTPUT = "reports/<int:report_id>/", "reports/outputs/<int:output_id>/"
urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/new/", defining.new, name="report-new"),
    path("reports/overlap/", overlap.overlap, name="report-overlap"),
    path("reports/savings/", views.savings, name="report-savings"),
    path("reports/outputs/", outputs.outputs, name="report-outputs"),
    path(OUTPUT, outputs.one, name="report-output"),
    path(f"{OUTPUT}take/", outputs.take, name="report-take"),
    path(ONE, views.report, name="report"),
    path(f"{ONE}edit/", defining.edit, name="report-edit"),
    path(f"{ONE}retire/", defining.retire, name="report-retire"),
    path(f"{ONE}fill/", filling.fill, name="report-fill"),
    path(f"{ONE}export/", outputs.ask, name="report-export"),
]

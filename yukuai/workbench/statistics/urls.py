from django.urls import path

from yukuai.workbench.statistics import views

urlpatterns = [
    path("statistics/", views.page, name="statistics"),
    path("statistics/<int:division_id>/", views.page, name="statistics-place"),
    path("statistics/<int:division_id>/table.<slug:form>", views.sheet, name="statistics-table"),
]

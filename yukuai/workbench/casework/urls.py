from django.urls import path

from yukuai.workbench.casework import doing, listing, views

urlpatterns = [
    path("cases/", listing.case_list, name="cases"),
    path("cases/closed/", views.closed_drawer, name="closed"),
    path("cases/<str:number>/", views.case_page, name="case"),
    path("cases/<str:number>/contact/", views.contact, name="contact"),
    path("cases/<str:number>/do/<str:name>/", doing.do, name="do"),
    path("cases/<str:number>/photos/<int:photo_id>/", views.photo, name="photo"),
]

from django.urls import path

from yukuai.workbench.mediation import doing, listing, mediators, numbers, registering, views

urlpatterns = [
    path("disputes/", listing.dispute_list, name="disputes"),
    path("disputes/register/", registering.register, name="dispute-register"),
    path("disputes/<number:number>/", views.dispute_page, name="dispute"),
    path("disputes/<number:number>/do/<slug:name>/", doing.do, name="dispute-do"),
    path("disputes/<number:number>/papers/<int:document_id>/", views.paper, name="dispute-paper"),
    path("disputes/<number:number>/parties/<int:party_id>/", views.party, name="dispute-party"),
    path("mediators/", mediators.mediators, name="mediators"),
    path("mediators/<int:mediator_id>/", mediators.mediator, name="mediator"),
    path("mediation-numbers/", numbers.numbers, name="mediation-numbers"),
    path("mediation-numbers/<int:division_id>/", numbers.numbers, name="mediation-numbers-of"),
]

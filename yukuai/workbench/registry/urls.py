from django.urls import path

from yukuai.workbench.registry import changing, corrections, living, making, opening, plans, views

RECORD = "registry/<slug:kind>/<int:record_id>/"
PERSON = "registry/person/<int:person_id>/"
urlpatterns = [
    path("registry/", views.registry, name="registry"),
    path("registry/at/<int:division_id>/", views.home, name="registry-home"),
    path("registry/at/<int:division_id>/buildings/", plans.buildings, name="registry-buildings"),
    path("registry/at/<int:division_id>/competing/", views.competing, name="registry-competing"),
    path(
        "registry/at/<int:division_id>/corrections/",
        corrections.corrections,
        name="registry-corrections",
    ),
    path("registry/at/<int:division_id>/new/<slug:kind>/", making.new, name="registry-new"),
    path("registry/at/<int:division_id>/<slug:kind>/", views.records, name="registry-list"),
    path("registry/buildings/<int:building_id>/", plans.plan, name="registry-plan"),
    path(
        "registry/buildings/<int:building_id>/entrances/",
        plans.new_entrance,
        name="registry-entrance",
    ),
    path("registry/corrections/<int:claim_id>/", corrections.settle, name="registry-correction"),
    path("registry/claims/<int:claim_id>/choose/", changing.choose, name="registry-choose"),
    path("registry/care/<int:tag_id>/end/", living.end_care, name="registry-care-end"),
    path("registry/doors/<int:dwelling_id>/arrive/", living.arrive, name="registry-arrive"),
    path("registry/spells/<int:occupancy_id>/end/", living.move_out, name="registry-move-out"),
    path("registry/households/<int:household_id>/join/", living.join, name="registry-join"),
    path(f"{PERSON}household/", living.choose_household, name="registry-household"),
    path(f"{PERSON}leave/", living.leave, name="registry-leave"),
    path(f"{PERSON}care/", living.tag_care, name="registry-care"),
    path(RECORD, views.record, name="registry-record"),
    path(f"{RECORD}edit/", changing.edit, name="registry-edit"),
    path(f"{RECORD}confirm/", changing.confirm_unchanged, name="registry-confirm"),
    path(f"{RECORD}end/", changing.end, name="registry-end"),
    path(f"{RECORD}reopen/", changing.reopen, name="registry-reopen"),
    path(f"{RECORD}open/<slug:field>/", opening.open_field, name="registry-open"),
]

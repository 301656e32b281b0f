from django.urls import path

from yukuai.workbench.roster import changing, handing, views

urlpatterns = [
    path("roster/", views.roster, name="roster"),
    path("roster/history/", views.history, name="roster-history"),
    path("roster/assign/", changing.assign_one, name="roster-assign"),
    path("roster/copy/", changing.copy, name="roster-copy"),
    path("roster/<int:assignment_id>/", changing.change, name="roster-change"),
    path("roster/shifts/new/", changing.new_shift, name="shift-new"),
    path("roster/shifts/default/", changing.default_shifts, name="shift-default"),
    path("roster/shifts/<int:shift_id>/end/", changing.end, name="shift-end"),
    path("handover/", handing.handover, name="handover"),
    path("handover/past/", handing.past, name="handovers"),
    path("handover/<int:handover_id>/", handing.one, name="handover-one"),
    path("handover/<int:handover_id>/take/", handing.take, name="handover-take"),
]

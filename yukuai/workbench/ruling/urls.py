from django.urls import path

from yukuai.workbench.ruling import changing, views

urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("rules/new/", changing.new, name="rule-new"),
    path("rules/<int:rule_id>/", views.rule, name="rule"),
    path("rules/<int:rule_id>/edit/", changing.edit, name="rule-edit"),
    path("rules/<int:rule_id>/try/", changing.trial_run, name="rule-try"),
    path("rules/<int:rule_id>/live/", changing.live, name="rule-live"),
    path("rules/<int:rule_id>/retire/", changing.retire, name="rule-retire"),
    path("rules/<int:rule_id>/trials/<int:trial_id>/", views.trial, name="rule-trial"),
]

from django.urls import path

from yukuai.workbench.exchange import reports, states, systems, troubles, webhooks

SYSTEM = "exchange/systems/<slug:code>/"
SUBSCRIPTION = "clients/webhooks/<int:subscription_id>/"
urlpatterns = [
    path("exchange/", systems.systems, name="exchange"),
    path("exchange/new/", systems.new, name="exchange-new"),
    path("exchange/dead/", troubles.dead, name="exchange-dead"),
    path("exchange/dead/<int:parcel_id>/resend/", troubles.resend, name="exchange-resend"),
    path("exchange/dead/<int:parcel_id>/drop/", troubles.drop, name="exchange-drop"),
    path("exchange/refused/", troubles.refused, name="exchange-refused"),
    path("exchange/refused/<int:notice_id>/retry/", troubles.retry, name="exchange-retry"),
    path("exchange/refused/<int:notice_id>/settle/", troubles.settle, name="exchange-settle"),
    path("exchange/reports/<int:report_id>/", reports.report, name="exchange-report"),
    path("exchange/reports/<int:report_id>/numbers/", reports.numbers, name="exchange-numbers"),
    path("exchange/differences/<int:difference_id>/pull/", reports.pull, name="exchange-pull"),
    path("exchange/differences/<int:difference_id>/push/", reports.push, name="exchange-push"),
    path(SYSTEM, systems.system, name="exchange-system"),
    path(f"{SYSTEM}edit/", systems.edit, name="exchange-edit"),
    path(f"{SYSTEM}secret/", systems.secret, name="exchange-secret"),
    path(f"{SYSTEM}routes/", systems.routes, name="exchange-routes"),
    path(f"{SYSTEM}states/", states.states, name="exchange-states"),
    path(f"{SYSTEM}reports/", reports.reports, name="exchange-reports"),
    path("clients/<int:client_id>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("clients/<int:client_id>/webhooks/new/", webhooks.new, name="webhook-new"),
    path(SUBSCRIPTION, webhooks.one, name="webhook"),
    path(f"{SUBSCRIPTION}shake/", webhooks.shake, name="webhook-shake"),
    path(f"{SUBSCRIPTION}secret/", webhooks.secret, name="webhook-secret"),
    path(f"{SUBSCRIPTION}resume/", webhooks.resume, name="webhook-resume"),
    path(f"{SUBSCRIPTION}replay/", webhooks.replay, name="webhook-replay"),
    path(f"{SUBSCRIPTION}end/", webhooks.end, name="webhook-end"),
]

from django.urls import path

from yukuai.workbench.calls import views

urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/<int:call_id>/phone/", views.phone, name="call-phone"),
    path("calls/<int:call_id>/done/", views.done, name="call-done"),
    path("calls/<int:call_id>/again/", views.again, name="call-again"),
]

from django.urls import path

from yukuai.portal.elections import views

urlpatterns = [
    path("elections/", views.election, name="election"),
    path("elections/notices/<int:notice_id>/", views.notice, name="election-notice"),
    path("elections/notices/<int:notice_id>/paper.pdf", views.paper, name="election-notice-paper"),
    path("elections/notices/<int:notice_id>/page.svg", views.twin, name="election-notice-page"),
]

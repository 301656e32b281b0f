from django.urls import path

from yukuai.workbench.elections import doing, listing, notices, page, roll

urlpatterns = [
    path("elections/", listing.elections, name="elections"),
    path("elections/start/<int:division_id>/", listing.start, name="election-start"),
    path("elections/<slug:number>/", page.election_page, name="election"),
    path("elections/<slug:number>/do/<slug:name>/", doing.do, name="election-do"),
    path("elections/<slug:number>/members/<int:member_id>/", doing.replace, name="election-member"),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/", notices.notice, name="election-notice"
    ),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/paper.pdf",
        notices.paper,
        name="election-notice-paper",
    ),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/page.svg",
        notices.twin,
        name="election-notice-page",
    ),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/post/",
        notices.post,
        name="election-notice-post",
    ),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/correct/",
        notices.correct,
        name="election-notice-correct",
    ),
    path(
        "elections/<slug:number>/notices/<int:notice_id>/photos/<int:photo_id>/",
        notices.photo,
        name="election-notice-photo",
    ),
    path("elections/<slug:number>/roll/", roll.roll, name="election-roll"),
    path("elections/<slug:number>/roll.pdf", roll.printed, name="election-roll-paper"),
    path("elections/<slug:number>/roll/propose/", roll.propose, name="election-roll-propose"),
    path("elections/<slug:number>/roll/confirm/", roll.confirm, name="election-roll-confirm"),
    path("elections/<slug:number>/roll/add/", roll.add, name="election-roll-add"),
    path("elections/<slug:number>/roll/<int:voter_id>/strike/", roll.strike, name="voter-strike"),
    path(
        "elections/<slug:number>/roll/<int:voter_id>/restore/", roll.restore, name="voter-restore"
    ),
    path("elections/<slug:number>/objections/", roll.objections, name="election-objections"),
    path("elections/<slug:number>/objections/<int:serial>/", roll.decide, name="objection-decide"),
]

from django.urls import path

from yukuai.workbench.elections import (
    candidates,
    card_papers,
    cards,
    doing,
    listing,
    nominees,
    notices,
    page,
    proxies,
    roll,
)

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
    path("elections/<slug:number>/cards/", cards.cards, name="election-cards"),
    path("elections/<slug:number>/cards/make/", cards.make, name="election-cards-make"),
    path("elections/<slug:number>/cards/issue/", cards.issue, name="election-cards-issue"),
    path("elections/<slug:number>/cards/find/", cards.find, name="election-card-find"),
    path("elections/<slug:number>/cards/check/", cards.check, name="election-card-check"),
    path("elections/<slug:number>/cards/<int:card_id>/", cards.card, name="election-card"),
    path(
        "elections/<slug:number>/cards/<int:card_id>/replace/",
        cards.replace,
        name="election-card-replace",
    ),
    path("elections/<slug:number>/cards.pdf", card_papers.printed, name="election-cards-paper"),
    path(
        "elections/<slug:number>/cards/register.pdf",
        card_papers.register,
        name="election-cards-register",
    ),
    path("elections/<slug:number>/nominees/", nominees.nominees, name="election-nominees"),
    path(
        "elections/<slug:number>/nominees/<int:nominee_id>/withdraw/",
        nominees.withdraw,
        name="nominee-withdraw",
    ),
    path(
        "elections/<slug:number>/nominees/<int:nominee_id>/kin/", nominees.kin, name="nominee-kin"
    ),
    path("elections/<slug:number>/kin/<int:kin_id>/drop/", nominees.drop_kin, name="kin-drop"),
    path("elections/<slug:number>/candidates/", candidates.candidates, name="election-candidates"),
    path("elections/<slug:number>/forum/", candidates.forum, name="election-forum"),
    path(
        "elections/<slug:number>/forum/<int:forum_id>/record/",
        candidates.record,
        name="election-forum-record",
    ),
    path("elections/<slug:number>/proxies/", proxies.proxies, name="election-proxies"),
    path(
        "elections/<slug:number>/proxies/<int:proxy_id>/cancel/",
        proxies.cancel,
        name="proxy-cancel",
    ),
    path("elections/<slug:number>/proxies/<int:proxy_id>/tell/", proxies.tell, name="proxy-tell"),
    path("elections/<slug:number>/objections/", roll.objections, name="election-objections"),
    path("elections/<slug:number>/objections/<int:serial>/", roll.decide, name="objection-decide"),
]

from django.urls import path

from yukuai.workbench.reviews import leading, own

urlpatterns = [
    path("reviews/", own.reviews, name="reviews"),
    path("reviews/<int:opinion_id>/", own.review, name="review"),
    path("reviews/district/", leading.led, name="reviews-led"),
    path("reviews/district/panel/", leading.panel, name="reviews-panel"),
    path("reviews/district/<slug:number>/ask/", leading.ask, name="reviews-ask"),
    path("reviews/people/<int:screening_id>/", leading.person, name="reviews-person"),
    path("reviews/people/<int:screening_id>/settle/", leading.settle, name="reviews-settle"),
    path("reviews/people/<int:screening_id>/case/", leading.state, name="reviews-case"),
]

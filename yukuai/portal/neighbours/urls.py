from django.urls import path

from yukuai.portal.neighbours import views

urlpatterns = [
    path("raise/nearby/<str:reference>/", views.follow, name="raise-follow"),
    path("raise/drop/", views.drop, name="raise-drop"),
    path("followed/", views.followed_list, name="followed-list"),
    path("followed/<int:follower_id>/", views.followed, name="followed"),
    path("followed/<int:follower_id>/stop/", views.stop, name="followed-stop"),
    path("followed/<int:follower_id>/resume/", views.resume, name="followed-resume"),
]

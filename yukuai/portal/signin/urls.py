from django.urls import path

from yukuai.portal.signin import outside, views

urlpatterns = [
    path("signin/", views.signin, name="signin"),
    path("signin/outside/", outside.begin, name="outside-begin"),
    path("signin/outside/return/", outside.come_back, name="outside-return"),
    path("me/outside/", outside.connect, name="outside-connect"),
    path("me/outside/end/", outside.disconnect, name="outside-end"),
    path("signout/", views.signout, name="signout"),
]

from django.urls import path

from yukuai.workbench.signin import own, views

urlpatterns = [
    path("signin/", views.signin, name="signin"),
    path("signin/code/", views.second_step, name="signin-code"),
    path("signin/setup/", views.setup, name="signin-setup"),
    path("signin/password/", views.own_password, name="signin-password"),
    path("signin/no-post/", views.no_post, name="no-post"),
    path("signout/", own.signout, name="signout"),
    path("post/", own.change_post, name="switch-post"),
    path("me/password/", own.password, name="password"),
    path("me/recovery-codes/", own.recovery_codes, name="recovery-codes"),
]

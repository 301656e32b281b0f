from django.urls import path

from yukuai.workbench.admin import members, posts

urlpatterns = [
    path("posts/", posts.running, name="posts"),
    path("posts/ended/", posts.ended, name="posts-ended"),
    path("posts/new/", posts.new, name="post-new"),
    path("posts/new/term/", posts.term, name="post-term"),
    path("posts/<int:post_id>/end/", posts.end, name="post-end"),
    path("posts/staff/", members.people, name="staff-members"),
    path("posts/staff/new/", members.new, name="staff-new"),
    path("posts/staff/<int:user_id>/", members.member, name="staff-member"),
    path(
        "posts/staff/<int:user_id>/second-factor/",
        members.second_factor,
        name="staff-second-factor",
    ),
    path("posts/staff/<int:user_id>/password/", members.password, name="staff-password"),
]

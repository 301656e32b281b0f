from django.urls import path

from yukuai.workbench.admin import audit, departments, glass, members, posts

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
    path("departments/", departments.departments, name="departments"),
    path("departments/new/", departments.new, name="department-new"),
    path("departments/<int:department_id>/rename/", departments.rename, name="department-rename"),
    path("departments/<int:department_id>/close/", departments.close, name="department-close"),
    path("glass/", glass.look, name="break-glass"),
    path("glass/end/", glass.end_own, name="end-glass"),
    path("glasses/", glass.glasses, name="glasses"),
    path("glasses/<int:glass_id>/end/", glass.end, name="glass-end"),
    path("audit/", audit.log, name="audit"),
    path("audit/<int:entry_id>/", audit.entry, name="audit-entry"),
    path("audit/check/", audit.check, name="audit-check"),
    path("audit/export/", audit.export, name="audit-export"),
]

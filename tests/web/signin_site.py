"""Only the pages of signing in, and bare ones for what they link to."""

from django.http import HttpResponse
from django.urls import include, path

from yukuai.accounts.access import public, resident, staff
from yukuai.accounts.policy import Permission
from yukuai.portal.signin import urls as portal_signin
from yukuai.workbench.dev import urls as dev
from yukuai.workbench.signin import urls as work_signin


def bare(request):
    return HttpResponse(f"{request.actor.label}|{','.join(request.actor.areas)}")


PORTAL = ["raise", "follow", "help"]
portal = [
    *portal_signin.urlpatterns,
    path("", public(bare), name="home"),
    path("me/", resident(bare), name="me"),
    *[path(f"{name}/", public(bare), name=name) for name in PORTAL],
]
work = [
    *work_signin.urlpatterns,
    path("", staff()(bare), name="today"),
    path("posts/", staff(Permission.POST_MANAGE)(bare), name="posts"),
]
urlpatterns = [
    path("work/", include((work, "work"))),
    path("dev/", include((dev.urlpatterns, "dev"))),
    path("", include((portal, "portal"))),
]
handler403 = "yukuai.kernel.web.forbidden"
handler404 = "yukuai.kernel.web.not_found"

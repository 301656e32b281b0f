"""Only the inboxes and the texts of the demo, and bare pages for what they link to."""

from django.http import HttpResponse
from django.urls import include, path

from yukuai.accounts.access import public, resident, staff
from yukuai.portal.inbox import urls as portal_inbox
from yukuai.workbench.devsms import urls as devsms
from yukuai.workbench.inbox import urls as work_inbox


def bare(request):
    return HttpResponse(request.path)


portal = [
    *portal_inbox.urlpatterns,
    path("", public(bare), name="home"),
    path("me/", resident(bare), name="me"),
    *[path(f"{name}/", public(bare), name=name) for name in ("raise", "follow", "help", "signin")],
]
work = [
    *work_inbox.urlpatterns,
    path("", staff()(bare), name="today"),
    path("signin/", public(bare), name="signin"),
]
urlpatterns = [
    path("work/", include((work, "work"))),
    path("dev/", include((devsms.urlpatterns, "dev"))),
    path("", include((portal, "portal"))),
]
handler404 = "yukuai.kernel.web.not_found"

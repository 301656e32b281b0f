"""The page of demo logins exists in demo mode only."""

import pytest

from tests.web.signin_site import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.signin_site")]


def test_the_page_is_there_in_demo_mode(client):
    page = client.get("/dev/logins/")
    assert page.status_code == 200
    assert "还没有演示账户" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_the_page_does_not_exist_otherwise(client, settings):
    settings.DEMO = False
    assert client.get("/dev/logins/").status_code == 404


def test_every_page_of_signing_in_says_who_may_open_it():
    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield pattern

    declared = {p.name: p.callback.access.kind for p in views(urlpatterns)}
    assert declared["signin-code"] == "public"
    assert declared["switch-post"] == "staff"
    assert declared["logins"] == "demo"


@pytest.mark.urls("config.urls")
@pytest.mark.parametrize("page", ["/signin/", "/work/signin/", "/dev/logins/"])
def test_the_pages_stand_in_the_whole_product(client, page):
    assert client.get(page).status_code == 200

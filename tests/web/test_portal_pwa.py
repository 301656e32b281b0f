"""The app that opens without a network, and the heartbeat."""

import json

import pytest
from django.contrib.staticfiles.finders import find

pytestmark = pytest.mark.django_db


def test_the_heartbeat_is_plain(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"].startswith("text/plain")
    assert "no-store" in response["Cache-Control"]


def test_the_heartbeat_stops_with_the_database(client, monkeypatch):
    from django.db import OperationalError, connection

    def gone(*_args, **_kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    client.raise_request_exception = False
    assert client.get("/healthz").status_code == 503


def test_the_app_can_be_installed(client):
    response = client.get("/manifest.webmanifest")
    manifest = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        "/",
        "/",
        "standalone",
    )
    assert all(icon["src"].startswith("/static/brand/") for icon in manifest["icons"])
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


def test_the_pages_name_the_manifest_and_the_offline_page_needs_nothing(client):
    assert 'rel="manifest"' in client.get("/privacy/").content.decode()
    response = client.get("/offline/")
    assert "现在没有网" in response.content.decode()
    assert response["Cache-Control"] == "no-cache"


def test_the_worker_lies_at_the_root_and_is_asked_for_anew(client, tmp_path, monkeypatch):
    script = tmp_path / "sw.js"
    script.write_text("self")
    monkeypatch.setattr("yukuai.portal.pwa.views.find", lambda name: str(script))
    response = client.get("/sw.js")
    assert (response.status_code, response.content) == (200, b"self")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"


def test_without_a_built_front_end_there_is_no_worker(client, monkeypatch):
    monkeypatch.setattr("yukuai.portal.pwa.views.find", lambda name: None)
    assert client.get("/sw.js").status_code == 404


def test_the_manifest_is_part_of_the_checkout():
    assert find("brand/manifest.webmanifest")

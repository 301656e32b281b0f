"""Clients that others wrote, as they are, against a real server.

`georeport` (PyPI) reads, in both forms. It does not write, and `three`, the client that did, is
Python 2 (itertools.ifilter): what is written here is sent as the specification's own example is.
"""

import json
from threading import Thread
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from georeport import GeoReport

from tests.casework import lamps, pack, places
from tests.web.api.conftest import KEY, register
from tests.web.api.open311_site import BASE, codes, floods

__all__ = ["codes", "floods", "lamps", "pack", "places", "register"]
pytestmark = pytest.mark.django_db


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        pass


@pytest.fixture
def server(codes, pack, lamps, floods, register):
    """Over a real socket, in the test's own transaction: both take turns at one connection."""
    register(division=2)
    shared = connections["default"]
    shared.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    http = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)

    def serve():
        connections["default"] = shared
        http.serve_forever(poll_interval=0.01)

    thread = Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}{BASE}"
    http.shutdown()
    thread.join()
    http.server_close()
    shared.dec_thread_sharing()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def post(server, **fields):
    """The example request of the specification, with this city's place."""
    sent = {
        "api_key": KEY,
        "jurisdiction_id": "500102",
        "service_code": "07",
        "lat": "29.76524078",
        "long": "106.4212043",
        "address_string": "1234 5th street",
        "email": "smit333@city.example",
        "device_id": "tt222111",
        "account_id": "123456",
        "first_name": "john",
        "last_name": "smith",
        "phone": "19900000417",
        "description": "A large sinkhole is destroying the street",
        "media_url": "http://photos.example/2212426634_5ed477a060.jpg",
        "attribute[TRAPPED]": "no",
        **fields,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = Request(f"{server}/requests.json", urlencode(sent).encode(), headers)
    with urlopen(request, timeout=20) as answer:
        [received] = json.loads(answer.read())
    return received


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_everything(server, form):
    first, second = post(server), post(server, description="Another one")
    assert first["account_id"] == "123456"
    client = GeoReport(server, jurisdiction="500102", output_format=form)

    services = client.get_service_list()
    assert [one["service_code"] for one in services] == ["05", "07"]
    wanted = [one["service_code"] for one in services if str(one["metadata"]).lower() == "true"]
    assert wanted == ["07"]
    attributes = client.get_service_definition("07")["attributes"]
    listed = attributes if form == "json" else attributes["attribute"]
    assert [one["code"] for one in listed] == ["TRAPPED", "SEEN"]

    numbers = [second["service_request_id"], first["service_request_id"]]
    found = client.get_service_requests(status="open", service_code="07")
    assert [one["service_request_id"] for one in found] == numbers
    both = client.get_service_requests(service_request_id=",".join(numbers))
    assert [one["service_request_id"] for one in both] == numbers
    one = client.get_service_request(numbers[0])
    assert (one["status"], one["service_name"]) == ("open", "地灾防汛")
    assert one["status_notes"] == "收到了，等区县定到村或社区"


def test_a_refusal_reaches_the_client_with_its_status_and_its_words(server):
    with pytest.raises(HTTPError) as refused:
        post(server, api_key="xyz")
    assert refused.value.code == 403
    [fault] = json.loads(refused.value.read())
    assert "api_key is not valid." in fault["description"]

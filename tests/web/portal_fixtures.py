"""What the pages of the residents stand on: places with codes, rules, categories, a clock."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOON
from tests.pictures import picture
from yukuai.accounts.actors import phone_hash, phone_key, user_key
from yukuai.accounts.models import Resident, User
from yukuai.cases.models import Case, UrgentWord
from yukuai.divisions.models import Division, DivisionCode
from yukuai.kernel.scope import EVERYWHERE, scope

CODES = {112: "509999001001", 113: "509999001002", 1111: "509999002001"}
PHONE = "19900000417"
BODY = "2 单元楼道灯不亮。晚上看不清。"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(clock: Any, places: dict[int, Division], pack: Any, lamps: Any) -> dict[int, Division]:
    """Two communities of one street and one elsewhere, each with its code; an urgent word."""
    for pk, code in CODES.items():
        places[pk].code = code
        places[pk].save()
        DivisionCode.objects.create(
            division=places[pk],
            scheme="stats",
            code=code,
            source="test",
            valid_from=date(2020, 1, 1),
        )
    UrgentWord.objects.create(word="起火", number="119", source="test")
    return places


@pytest.fixture
def resident(town: Any) -> User:
    """Known by telephone and name, at home in 南社区."""
    user = User.objects.create(kind=User.Kind.RESIDENT, username="r417")
    keys = [user_key(user.pk), phone_key(PHONE)]
    with scope((), keys):
        Resident.objects.create(
            user=user,
            phone=PHONE,
            phone_hash=phone_hash(PHONE),
            name="黎某某",
            level=2,
            home=town[112],
            holders=keys,
        )
    return user


@pytest.fixture
def signed_in(client: Client, resident: User) -> Client:
    client.force_login(resident)
    return client


@pytest.fixture
def write(client: Client, town: Any) -> Callable[..., Any]:
    """Through the first two steps, without a name unless told otherwise."""

    def through(body: str = BODY, **where: str) -> Any:
        client.get(f"/c/{CODES[112]}/")
        assert client.post("/raise/", {"body": body}).headers["Location"] == "/raise/where/"
        return client.post("/raise/where/", {"contact": "unnamed", "place_text": "3 楼", **where})

    return through


def submit(client: Client) -> Any:
    return client.post("/raise/check/", {"client_uuid": uuid_of(client)})


def uuid_of(client: Client) -> str:
    page = client.get("/raise/check/")
    return str(page.context["draft"].client_uuid)


def cases() -> list[Case]:
    with scope(EVERYWHERE):
        return list(Case.objects.order_by("pk"))


def words(response: Any) -> str:
    return str(response.content.decode())


def photo(name: str = "a.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, picture(), "image/jpeg")


def new_uuid() -> UUID:
    return uuid4()

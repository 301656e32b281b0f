# mypy: disable-error-code="type-arg"
"""The operations of GeoReport v2 and their description."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ninja import Form, Header, Path, Query

from yukuai.accounts.policy import Actor
from yukuai.api.app import LocalSwagger
from yukuai.api.described import DescribedAPI, Document
from yukuai.api.open311 import callers, errors, forms, listing, reporting, services
from yukuai.api.open311.discovery import discover
from yukuai.api.open311.errors import Refusal, refuse
from yukuai.api.open311.places import find_jurisdictions
from yukuai.api.open311.rendering import respond
from yukuai.cases.gists import find_number
from yukuai.kernel import clock
from yukuai.kernel.scope import scope

DESCRIPTION = """\
Open311 GeoReport v2，给按这个标准写好的客户端用。说明在 docs/open311.md。

- 读不要密钥：只有类别、地方、时间和办到哪一步，没有内容。
- 送要密钥（`api_key` 或 `Authorization: Bearer`）：找安全管理员领。
- 地址末尾写 `.xml` 或 `.json`。错误是 `code` 和 `description` 的数组。
"""
Format = Path(..., pattern=forms.FORMAT, description="xml or json")

Content = tuple[str, Any]
"""The root element, and what stands below it."""


class GeoReport(DescribedAPI):
    """Every answer in both forms, the refusals too."""

    refusal = forms.ErrorOut
    refusals = errors.REFUSALS
    body_refusals = errors.BODY_REFUSALS

    def refusal_schema(self, reference: Document) -> Document:
        return {"type": "array", "items": reference, "minItems": 1}

    def media_of(self, status: int) -> tuple[str, ...]:
        return "application/json", "text/xml"


api = GeoReport(
    title="渝快社区 Open311 接口",
    version="2",
    description=DESCRIPTION,
    docs=LocalSwagger(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    urls_namespace="open311",
)
errors.install(api)


@api.get("/discovery.{fmt}", response=forms.DiscoveryOut, summary="服务发现")
def discovery(request: Any, fmt: str = Format) -> Any:
    return _read(request, fmt, "", lambda actor: ("discovery", discover(actor)))


@api.get("/v2/services.{fmt}", response=list[forms.ServiceOut], summary="服务目录")
def service_list(request: Any, asked: Query[forms.CatalogueIn], fmt: str = Format) -> Any:
    def read(actor: Actor) -> Content:
        find_jurisdictions(actor, code=asked.jurisdiction_id)
        return "services", services.list_services(actor)

    return _read(request, fmt, "", read)


@api.get(
    "/v2/services/{service_code}.{fmt}",
    response=forms.DefinitionOut,
    summary="一项服务要问的",
)
def service_definition(
    request: Any, service_code: str, asked: Query[forms.CatalogueIn], fmt: str = Format
) -> Any:
    def read(actor: Actor) -> Content:
        find_jurisdictions(actor, code=asked.jurisdiction_id)
        code = service_code.replace("\x00", "")
        return "service_definition", services.define_service(actor, code=code)

    return _read(request, fmt, "", read)


@api.get(
    "/v2/requests.{fmt}",
    response=list[forms.RequestOut],
    summary="诉求列表（不含内容）",
)
def request_list(request: Any, asked: Query[forms.RequestsIn], fmt: str = Format) -> Any:
    """The newest first: 90 days and 1000 at most. With `service_request_id` also the content
    that the key opens."""
    at = clock.now()

    def read(actor: Actor) -> Content:
        found = listing.list_requests(actor, asked, request.GET, at=at)
        return "service_requests", found

    return _read(request, fmt, asked.api_key, read)


@api.get(
    "/v2/requests/{service_request_id}.{fmt}",
    response=list[forms.RequestOut],
    summary="一件诉求",
)
def one_request(
    request: Any, service_request_id: str, asked: Query[forms.OneIn], fmt: str = Format
) -> Any:
    at = clock.now()

    def read(actor: Actor) -> Content:
        find_jurisdictions(actor, code=asked.jurisdiction_id)
        number = service_request_id.replace("\x00", "")
        found = listing.describe(actor, [number], at=at)
        if not found:
            words = f"没有这个 service_request_id：{number[:20]}。"
            raise refuse(404, words, "service_request_id was not found.")
        return "service_requests", found

    return _read(request, fmt, asked.api_key, read)


@api.get(
    "/v2/tokens/{token}.{fmt}",
    response=list[forms.TokenOut],
    summary="用 token 查单号",
)
def request_of_token(
    request: Any, token: str, asked: Query[forms.CatalogueIn], fmt: str = Format
) -> Any:
    def read(actor: Actor) -> Content:
        find_jurisdictions(actor, code=asked.jurisdiction_id)
        number = find_number(actor, client_uuid=_uuid(token))
        if not number:
            raise _no_token()
        return "service_requests", [{"service_request_id": number, "token": token}]

    return _read(request, fmt, "", read)


@api.post(
    "/v2/requests.{fmt}",
    response=list[forms.ReceivedOut],
    summary="送来一件诉求",
)
def hand_in(
    request: Any,
    told: Form[forms.SentIn],
    fmt: str = Format,
    idempotency_key: str = Header("", alias="Idempotency-Key"),
    prefer: str = Header("", alias="Prefer"),
) -> Any:
    """The number at once; with `Prefer: respond-async` a token to ask for it."""
    actor = callers.writer(request, told.api_key)
    photos = tuple(request.FILES.getlist("media"))
    sent = reporting.Sent(told, request.POST, photos, idempotency_key.strip())
    received = reporting.receive(actor, sent, at=clock.now())
    by_token = prefer.strip().lower() == "respond-async"
    named = {"token": received.token} if by_token else {"service_request_id": received.number}
    said = named | {"service_notice": received.notice, "account_id": told.account_id}
    return respond("service_requests", [said], fmt=fmt)


def _read(request: Any, fmt: str, api_key: str, read: Callable[[Actor], Content]) -> Any:
    """For whom it is read is settled first; a count that is refused must not roll back."""
    actor = callers.reader(request, api_key)
    with scope(actor.areas, actor.holders):
        root, content = read(actor)
    return respond(root, content, fmt=fmt)


def _uuid(token: str) -> UUID:
    try:
        return UUID(hex=token)
    except ValueError:
        raise _no_token() from None


def _no_token() -> Refusal:
    return refuse(404, "没有这个 token。", "token was not found.")

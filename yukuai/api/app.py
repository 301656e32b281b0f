"""The interface as a whole: OpenAPI 3.1, documented from the same code that answers."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from yukuai.api import cases, divisions, events, exchange, problems
from yukuai.api.described import DescribedAPI
from yukuai.api.schemas import ProblemOut
from yukuai.api.security import ClientKey

DESCRIPTION = """\
社区直通车的开放接口。每个接口客户有登记的目的、地方和字段；读一件诉求会留下记录，当事人看得到。

- 写操作都要带 `Idempotency-Key`：同一个键、同样的内容，得到同样的回执；内容不同，得到 409。
- 错误是 `application/problem+json`（RFC 9457），`detail` 是能照着做的一句话。
- 列表按游标翻页：`next` 是下一页的游标。
"""


class LocalSwagger(Swagger):
    """The page sets styles from script; everything it loads is our own."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        page = super().render_page
        relaxed = csp_update({"style-src": ["'self'", "'unsafe-inline'"]})
        answer: Any = relaxed(lambda r: page(r, api, **kwargs))(request)
        return answer  # type: ignore[no-any-return]


class OpenInterface(DescribedAPI):
    """Every refusal is a problem."""

    refusal = ProblemOut
    refusals = problems.REFUSALS
    body_refusals = problems.BODY_REFUSALS
    besides = exchange.DESCRIBED

    def media_of(self, status: int) -> tuple[str, ...]:
        return ("application/json" if status < 400 else "application/problem+json",)


api = OpenInterface(
    title="渝快社区开放接口",
    version="1",
    description=DESCRIPTION,
    docs=LocalSwagger(),
    docs_url="/docs",
    openapi_url="/openapi.json",
    auth=ClientKey(),
    urls_namespace="api",
)
api.add_router("/v1/", divisions.router)
api.add_router("/v1/", cases.router)
api.add_router("/v1/", events.router)
problems.install(api)

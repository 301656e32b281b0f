"""演示短信: where the texts of the development gateway can be read. Demo mode only."""

from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import demo_only
from yukuai.messaging.queries import list_development_texts


@demo_only
@never_cache
@require_safe
def messages(request: Any) -> HttpResponse:
    context = {"texts": list_development_texts(request.actor)}
    return TemplateResponse(request, "dev/messages.html", context)

"""The service discovery document: where the endpoint is, in which forms, and whom to ask."""

from typing import Any

from django.conf import settings

from yukuai.accounts.policy import Actor
from yukuai.api.open311.rendering import FORMATS, moment
from yukuai.cases.gists import catalogue_changed_at

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
PATH = "/api/open311/v2"


def discover(actor: Actor) -> dict[str, Any]:
    """`changeset` moves when the catalogue does: clients then read their copy anew."""
    changed = moment(catalogue_changed_at(actor))
    return {
        "changeset": changed,
        "contact": settings.OPEN311_CONTACT,
        "key_service": settings.OPEN311_KEY_SERVICE,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.PUBLIC_BASE_URL}{PATH}",
                "changeset": changed,
                "type": "test" if settings.DEMO else "production",
                "formats": list(FORMATS.values()),
            }
        ],
    }

"""Systems of others that this installation is told of: docs/operations.md says what each needs."""

import os
from typing import Any

from config.environment import origin

# The SMS centre that `manage.py smpp_gateway` binds to. Used with
# SMS_GATEWAY=yukuai.messaging.gateways.smpp.SmppGateway
SMPP: dict[str, Any] = {
    "host": os.environ.get("SMPP_HOST", ""),
    "port": int(os.environ.get("SMPP_PORT") or 2775),
    "tls": os.environ.get("SMPP_TLS") == "1",
    "system_id": os.environ.get("SMPP_SYSTEM_ID", ""),
    "password": os.environ.get("SMPP_PASSWORD", ""),
    "system_type": os.environ.get("SMPP_SYSTEM_TYPE", ""),
    "source": os.environ.get("SMPP_SOURCE", ""),
    "country": os.environ.get("SMPP_COUNTRY", "86"),
    "window": int(os.environ.get("SMPP_WINDOW") or 10),
    "rate": float(os.environ.get("SMPP_RATE") or 20),
    "answer_within": float(os.environ.get("SMPP_ANSWER_WITHIN") or 60),
    "enquire_every": float(os.environ.get("SMPP_ENQUIRE_EVERY") or 30),
    "wide_reference": os.environ.get("SMPP_WIDE_REFERENCE") == "1",
    "hex_ids": os.environ.get("SMPP_HEX_IDS") == "1",
}

# 渝快办, or any OpenID provider: residents sign in with it. Without a server there is no button.
OIDC = {
    "server": os.environ.get("YUKUAI_OIDC_SERVER", "").rstrip("/"),
    "client_id": os.environ.get("YUKUAI_OIDC_CLIENT_ID", ""),
    "secret": os.environ.get("YUKUAI_OIDC_SECRET", ""),
    "name": os.environ.get("YUKUAI_OIDC_NAME", "渝快办"),
    # Its claim that says whether it has proved who somebody is (实名).
    "real_name_claim": os.environ.get("YUKUAI_OIDC_REAL_NAME_CLAIM", "real_name_verified"),
}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "outside",
                "name": OIDC["name"],
                "client_id": OIDC["client_id"],
                "secret": OIDC["secret"],
                "settings": {
                    "server_url": OIDC["server"],
                    "oauth_pkce_enabled": True,
                    "scope": ["openid", "profile", "phone"],
                },
            }
        ]
        if OIDC["server"]
        else []
    }
}
# A browser asks for leave for where a form leads, redirects included.
FORM_ACTION = ["'self'"] + ([origin(OIDC["server"])] if OIDC["server"] else [])
FORM_ACTION += [one for one in os.environ.get("YUKUAI_OIDC_ORIGINS", "").split() if one]

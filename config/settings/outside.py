"""Systems of others that this installation is told of: docs/operations.md says what each needs."""

import os
from typing import Any

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

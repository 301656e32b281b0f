"""Secrets of second factors, sealed anew with the key in use: allauth keeps them as JSON."""

from allauth.mfa.models import Authenticator

from yukuai.accounts.signin.adapters import TOTP_SEAL
from yukuai.kernel import crypto
from yukuai.kernel.scope import EVERYWHERE, scope

SECRETS = ("secret", "seed")
"""Of a telephone's app, and of the codes on paper."""


def reseal_second_factors() -> tuple[int, int]:
    """How many were sealed anew, and how many cannot be opened."""
    done = broken = 0
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        try:
            done += _reseal(key)
        except crypto.BrokenSeal:
            broken += 1
    return done, broken


def _reseal(key: int) -> bool:
    with scope(EVERYWHERE):
        row = Authenticator.objects.select_for_update().filter(pk=key).first()
        former = {
            name: row.data[name]
            for name in SECRETS
            if row and row.data.get(name) and not row.data[name].startswith(crypto.seal_prefix())
        }
        for name, text in former.items():
            plain = crypto.unseal(text, purpose=TOTP_SEAL)
            row.data[name] = crypto.seal(plain, purpose=TOTP_SEAL)
        if former:
            row.save(update_fields=["data"])
    return bool(former)

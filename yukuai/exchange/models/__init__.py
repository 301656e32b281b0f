from yukuai.exchange.models.matters import ExternalCase, Notice, Parcel, SeenNonce
from yukuai.exchange.models.reports import Difference, Reconciliation
from yukuai.exchange.models.systems import Credential, DepartmentRoute, ExternalSystem, StatusMap
from yukuai.exchange.models.webhooks import Subscription, Try

__all__ = [
    "Credential",
    "DepartmentRoute",
    "Difference",
    "ExternalCase",
    "ExternalSystem",
    "Notice",
    "Parcel",
    "Reconciliation",
    "SeenNonce",
    "StatusMap",
    "Subscription",
    "Try",
]

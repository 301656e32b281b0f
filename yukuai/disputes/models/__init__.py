from yukuai.disputes.models.agreement import Agreement, FulfilmentItem, Referral
from yukuai.disputes.models.catalogue import DisputeKind, Mediator
from yukuai.disputes.models.content import Part, Particulars, Party, Remark, Session
from yukuai.disputes.models.dispute import NEWEST, Dispute

__all__ = [
    "NEWEST",
    "Agreement",
    "Dispute",
    "DisputeKind",
    "FulfilmentItem",
    "Mediator",
    "Part",
    "Particulars",
    "Party",
    "Referral",
    "Remark",
    "Session",
]

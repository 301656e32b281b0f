from yukuai.registry.models.batches import ImportBatch, ImportLine, ImportMapping, NotSame
from yukuai.registry.models.bodies import (
    Facility,
    OfficeHolder,
    Organisation,
    PartyOrg,
    Project,
    SocialOrg,
)
from yukuai.registry.models.claims import Claim
from yukuai.registry.models.codes import Code, CodeSet, DataSource
from yukuai.registry.models.homes import Building, Compound, Dwelling, Entrance
from yukuai.registry.models.kept import Kept, counted
from yukuai.registry.models.people import (
    CareTag,
    Household,
    Membership,
    Merge,
    Occupancy,
    Person,
)
from yukuai.registry.models.reports import (
    HandFilling,
    Report,
    ReportOutput,
    ReportTake,
    Synonym,
)
from yukuai.registry.models.tallies import CommunityTally

__all__ = [
    "MODELS",
    "Building",
    "CareTag",
    "Claim",
    "Code",
    "CodeSet",
    "CommunityTally",
    "Compound",
    "DataSource",
    "Dwelling",
    "Entrance",
    "Facility",
    "HandFilling",
    "Household",
    "ImportBatch",
    "ImportLine",
    "ImportMapping",
    "Kept",
    "Membership",
    "Merge",
    "NotSame",
    "Occupancy",
    "OfficeHolder",
    "Organisation",
    "PartyOrg",
    "Person",
    "Project",
    "Report",
    "ReportOutput",
    "ReportTake",
    "SocialOrg",
    "Synonym",
    "counted",
]

MODELS: dict[str, type[Kept]] = {
    model.kind: model
    for model in (
        Person,
        Household,
        Dwelling,
        Building,
        Compound,
        Organisation,
        SocialOrg,
        PartyOrg,
        Facility,
        OfficeHolder,
        Project,
    )
}
"""By kind: the same keys as `catalogue.FIELDS`."""

"""The small form of each move, by where on the way it is made."""

from yukuai.workbench.casework.forms.arriving import (
    AcceptForm,
    DispatchForm,
    GuideForm,
    PlaceForm,
    RejectForm,
    RelocateForm,
    RetriageForm,
    TriageForm,
)
from yukuai.workbench.casework.forms.base import (
    DeedForm,
)
from yukuai.workbench.casework.forms.closing import (
    CloseForm,
    ReviewForm,
    SendBackForm,
    VisitForm,
)
from yukuai.workbench.casework.forms.handling import (
    AnswerSupervisionForm,
    AskExtensionForm,
    AskHelpForm,
    GiveHelpForm,
    GrantExtensionForm,
    GrantReturnForm,
    NoteForm,
    RefuseExtensionForm,
    RefuseReturnForm,
    ReplyForm,
    RequestReturnForm,
    SignForm,
    SuperviseForm,
)
from yukuai.workbench.casework.forms.linking import MergeForm, PartForm
from yukuai.workbench.casework.forms.mediating import ToMediationForm
from yukuai.workbench.casework.forms.outside import SendOutsideForm

__all__ = [
    "AcceptForm",
    "AnswerSupervisionForm",
    "AskExtensionForm",
    "AskHelpForm",
    "CloseForm",
    "DeedForm",
    "DispatchForm",
    "GiveHelpForm",
    "GrantExtensionForm",
    "GrantReturnForm",
    "GuideForm",
    "MergeForm",
    "NoteForm",
    "PartForm",
    "PlaceForm",
    "RefuseExtensionForm",
    "RefuseReturnForm",
    "RejectForm",
    "RelocateForm",
    "ReplyForm",
    "RequestReturnForm",
    "RetriageForm",
    "ReviewForm",
    "SendBackForm",
    "SendOutsideForm",
    "SignForm",
    "SuperviseForm",
    "ToMediationForm",
    "TriageForm",
    "VisitForm",
]

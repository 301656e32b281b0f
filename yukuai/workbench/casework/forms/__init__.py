"""The small form of each move, by where on the way it is made."""

from yukuai.workbench.casework.forms.arriving import (
    AcceptForm,
    DispatchForm,
    GuideForm,
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
from yukuai.workbench.casework.forms.mediating import ToMediationForm

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
    "NoteForm",
    "RefuseExtensionForm",
    "RefuseReturnForm",
    "RejectForm",
    "RelocateForm",
    "ReplyForm",
    "RequestReturnForm",
    "RetriageForm",
    "ReviewForm",
    "SendBackForm",
    "SignForm",
    "SuperviseForm",
    "ToMediationForm",
    "TriageForm",
    "VisitForm",
]

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
from yukuai.workbench.casework.forms.extending import (
    AskExtensionForm,
    GrantExtensionForm,
    RefuseExtensionForm,
)
from yukuai.workbench.casework.forms.handling import (
    AnswerSupervisionForm,
    GrantReturnForm,
    NoteForm,
    RefuseReturnForm,
    ReplyForm,
    RequestReturnForm,
    SignForm,
    SuperviseForm,
)
from yukuai.workbench.casework.forms.helping import AskHelpForm, GiveHelpForm, WithdrawHelpForm
from yukuai.workbench.casework.forms.objecting import ObjectForm, RedirectForm, UpholdForm
from yukuai.workbench.casework.forms.splitting import CancelPartForm, FinishForm, SplitForm

__all__ = [
    "AcceptForm",
    "AnswerSupervisionForm",
    "AskExtensionForm",
    "AskHelpForm",
    "CancelPartForm",
    "CloseForm",
    "DeedForm",
    "DispatchForm",
    "FinishForm",
    "GiveHelpForm",
    "GrantExtensionForm",
    "GrantReturnForm",
    "GuideForm",
    "NoteForm",
    "ObjectForm",
    "RedirectForm",
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
    "SplitForm",
    "SuperviseForm",
    "TriageForm",
    "UpholdForm",
    "VisitForm",
    "WithdrawHelpForm",
]

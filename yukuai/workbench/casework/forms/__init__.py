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
from yukuai.workbench.casework.forms.linking import MergeForm, UnmergeForm
from yukuai.workbench.casework.forms.mediating import ToMediationForm
from yukuai.workbench.casework.forms.objecting import ObjectForm, RedirectForm, UpholdForm
from yukuai.workbench.casework.forms.outside import SendOutsideForm
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
    "MergeForm",
    "NoteForm",
    "ObjectForm",
    "PlaceForm",
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
    "SendOutsideForm",
    "SignForm",
    "SplitForm",
    "SuperviseForm",
    "ToMediationForm",
    "TriageForm",
    "UnmergeForm",
    "UpholdForm",
    "VisitForm",
    "WithdrawHelpForm",
]

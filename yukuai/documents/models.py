import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Confidable, Placed
from yukuai.documents.constraints import OnlyWithdrawn
from yukuai.documents.kinds import AttachmentKind, DocumentType
from yukuai.kernel.constraints import HoldersOnlyPolicy
from yukuai.kernel.fields import SealedField


class StoredFile(models.Model):
    """A file of ours in the storage: a random name, and what the content was found to be."""

    media_type = models.CharField(max_length=40)
    bytes = models.IntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    sm3 = models.CharField(max_length=64)
    storage_name = models.CharField(max_length=120)
    original_name = models.CharField(max_length=100)

    class Meta:
        abstract = True

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class Attachment(Confidable, StoredFile):
    """What was handed in to a matter, named by workflow and id as in `workflow`."""

    subject = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=AttachmentKind.choices)
    uploaded_by = models.CharField(max_length=120)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    order = models.IntegerField()

    class Meta(Confidable.Meta):
        constraints: ClassVar[list[Any]] = [
            *Confidable.Meta.constraints,
            models.UniqueConstraint(fields=["storage_name"], name="attachment_file_once"),
            models.CheckConstraint(
                name="attachment_kind_known", condition=Q(kind__in=AttachmentKind.values)
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "object_id", "order"], name="attachment_object"),
            models.Index(fields=["area", "created_at"], name="attachment_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order}, {self.subject} {self.object_id}"


class PendingUpload(StoredFile):
    """A photo chosen before its matter exists. Belongs to nobody but the browser that holds the
    token; gone after a day."""

    token_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64, db_index=True)
    holders = ArrayField(models.CharField(max_length=80), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="pendingupload_is_of_its_draft"),
            models.UniqueConstraint(fields=["storage_name"], name="pendingupload_file_once"),
        ]

    def __str__(self) -> str:
        return f"pending upload {self.pk}"


class NumberSeries(Placed):
    """The counter of one body, for one kind, in one year. Its row lock makes numbers gapless. Of a
    serial kind, which counts across years, `year` is the number of what it counts within."""

    body = models.CharField(max_length=120, help_text="the issuing body, as its head is printed")
    kind = models.CharField(max_length=20, choices=DocumentType.choices)
    year = models.IntegerField()
    last = models.IntegerField()

    class Meta(Placed.Meta):
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "body", "kind", "year"], name="numberseries_once"
            ),
        ]
        indexes = [models.Index(fields=["area", "kind", "year"], name="numberseries_area")]

    def __str__(self) -> str:
        return f"{self.body} {self.kind} {self.year}: {self.last}"


class IssuedDocument(Confidable):
    """A numbered document as it went out. `code` opens the public verification page, nothing else.

    `division` is where the matter lies; the number is of the issuing body.
    `printed` is everything on the paper, as JSON, sealed: names stand in it.
    """

    subject = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=DocumentType.choices)
    number = models.CharField(max_length=120)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="+")
    sequence = models.IntegerField()
    correction = models.SmallIntegerField(
        default=0, db_default=0, help_text="how often this number was put right before"
    )
    title = models.CharField(max_length=120)
    printed = SealedField(purpose="document.printed")
    template = models.CharField(max_length=60)
    sm3 = models.CharField(max_length=64)
    bytes = models.IntegerField()
    storage_name = models.CharField(max_length=120)
    code = models.CharField(max_length=12)
    issuer = models.CharField(max_length=120)
    issued_by = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_reason = models.CharField(max_length=400, blank=True)

    class Meta(Confidable.Meta):
        constraints: ClassVar[list[Any]] = [
            *Confidable.Meta.constraints,
            models.UniqueConstraint(  # an index, so that it could be made beside those who write
                fields=["series", "sequence", "correction"],
                condition=Q(sequence__gte=1),
                name="issueddocument_serial",
            ),
            models.UniqueConstraint(fields=["code"], name="issueddocument_code_once"),
            models.CheckConstraint(
                name="issueddocument_kind_known", condition=Q(kind__in=DocumentType.values)
            ),
            models.CheckConstraint(
                name="issueddocument_withdrawn_with_reason",
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
            ),
            OnlyWithdrawn(name="issueddocument_only_withdrawn"),
        ]
        indexes = [
            models.Index(fields=["subject", "object_id", "id"], name="issueddocument_object"),
            models.Index(fields=["area", "-issued_at"], name="issueddocument_area"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def data(self) -> dict[str, Any]:
        """What was printed."""
        return dict(json.loads(self.printed))

"""Matters that left the platform as a file: who took them, what for, and which file it was."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located


class CaseExport(Located):
    """One export. It lies where its officer works; the file lies in the storage for a few days.

    `asked` is the filter as the list kept it, `said` the same in words; `sm3` and `bytes` are of
    the file as it was handed out, and stay when the file is gone.
    """

    number = models.CharField(max_length=20, unique=True)
    user_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    taken_by = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=4)
    columns = ArrayField(models.CharField(max_length=20))
    asked = models.JSONField(default=dict)
    said = models.JSONField(default=list)
    at_once = models.BooleanField()
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    failed_because = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)
    sm3 = models.CharField(max_length=64, blank=True)
    bytes = models.BigIntegerField(default=0)
    storage_name = models.CharField(max_length=120, blank=True)

    class Meta(Located.Meta):
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="caseexport_form_known", condition=Q(form__in=["csv", "xlsx"])
            ),
            models.CheckConstraint(name="caseexport_says_why", condition=~Q(purpose="")),
            models.CheckConstraint(
                name="caseexport_ready_has_a_file",
                condition=Q(ready_at=None) | (~Q(sm3="") & ~Q(storage_name="")),
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-asked_at", "-id"], name="caseexport_area"),
            models.Index(fields=["user_id", "-asked_at", "-id"], name="caseexport_user"),
            models.Index(
                fields=["expires_at"],
                condition=Q(removed_at=None, expires_at__isnull=False),
                name="caseexport_kept",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_there(self) -> bool:
        """The file can be taken."""
        return self.ready_at is not None and self.removed_at is None

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from yukuai.kernel.constraints import AppendOnly, AuditPolicy


class TransactionId(models.Func):
    function = "pg_current_xact_id"
    template = "%(function)s()::text::bigint"
    output_field = models.BigIntegerField()


class AuditEntry(models.Model):
    """One remembered act, as it was then: no foreign keys, no cascades.

    `xact` is the writing transaction. Ids are handed out before commit, so a late commit could
    slip in behind a sealed id; below the oldest running transaction nothing can appear any more.
    `holders` are the keys of the person whose data was read: “谁看过我的信息”.
    """

    xact = models.BigIntegerField(db_default=TransactionId(), editable=False)
    happened_at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    user_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    area = models.CharField(max_length=80, db_collation="C")
    purpose = models.CharField(max_length=200, default="")
    holders = ArrayField(models.CharField(max_length=80), default=list)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["xact", "id"], name="audit_in_order"),
            models.Index(fields=["area", "-happened_at"], name="audit_area_time"),
            models.Index(fields=["-happened_at", "-id"], name="audit_time"),
            GinIndex(fields=["holders"], name="audit_holders"),
        ]
        constraints = [
            AppendOnly(name="audit_entry_append_only"),
            AuditPolicy(name="audit_entry_readers"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_at:%F %T} {self.actor} {self.act} {self.target}"


class AuditSeal(models.Model):
    """A link of the chain: the SM3 of the link before and of every entry since."""

    until_xact = models.BigIntegerField(unique=True)
    entries = models.IntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [AppendOnly(name="audit_seal_append_only")]

    def __str__(self) -> str:
        return f"{self.until_xact}: {self.digest}"

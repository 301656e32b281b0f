from django.db import models


class RateWindow(models.Model):
    """How often something was tried in the running window. The key is hashed: no address lies here.

    Not in the cache: a cache may forget, and its table costs a dozen statements a count.
    """

    key = models.CharField(max_length=64, primary_key=True)
    window = models.BigIntegerField()
    hits = models.IntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {self.hits}"


class ReferenceVersion(models.Model):
    """One row: in which version reference data is. The number comes from a sequence, so that what
    a rolled-back transaction saw is never taken for what another one committed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="reference_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return str(self.version)


class Gathered(models.Model):
    """A fact that waits for the next round of its kind (`yukuai.kernel.outbox`)."""

    topic = models.CharField(max_length=60)
    facts = models.JSONField()

    class Meta:
        verbose_name_plural = "gathered"

    def __str__(self) -> str:
        return f"{self.topic} {self.facts}"

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

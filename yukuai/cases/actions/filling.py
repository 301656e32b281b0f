"""What rows from before a column existed still lack: batches, each a short transaction of its own.

Rows somebody is writing are left for the next batch. A killed run goes on where it was: what is
missing is what is still NULL.
"""

from datetime import datetime

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.persons import name_hash
from yukuai.kernel.actions import action

BATCH = 500
_WORDS = """
    UPDATE cases_case SET words = made.words::tsvector
    FROM unnest(%s::bigint[], %s::text[]) AS made (id, words) WHERE cases_case.id = made.id
"""


@action
def fill_words(actor: Actor, *, at: datetime) -> int:
    """The words by which matters are found; returns how many were filled."""
    rows = Case.objects.filter(words=None).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    words = Case._meta.get_field("words")
    with connection.cursor() as cursor:
        made = [words.vector_of(case) for case in found]
        cursor.execute(_WORDS, [[case.pk for case in found], made])
    return len(found)


@action
def fill_name_hashes(actor: Actor, *, at: datetime) -> int:
    """The hash beside each sealed name; returns how many were filled."""
    rows = CaseContact.objects.filter(name_hash=None).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for contact in found:
        contact.name_hash = name_hash(contact.name)
    CaseContact.objects.bulk_update(found, ["name_hash"])
    return len(found)

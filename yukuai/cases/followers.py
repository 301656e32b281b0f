"""How many others met with the same thing: numbers only.

A follower's row lies where the matter lies, so an officer of the place sees it; for a resident,
who sees nobody's but his own, the count looks further.
"""

from collections.abc import Iterable
from contextlib import nullcontext

from django.db import connection

from yukuai.accounts.policy import Actor
from yukuai.kernel.scope import EVERYWHERE, widened

_COUNT = """
WITH wanted AS (
    SELECT id AS case_id, id AS top FROM unnest(%s::bigint[]) AS id
    UNION ALL
    SELECT id, main_id FROM cases_case WHERE main_id = ANY(%s) AND state = 'merged'
)
SELECT wanted.top, count(DISTINCT f.person)
FROM wanted JOIN cases_follower f ON f.case_id = wanted.case_id AND f.ended_at IS NULL
GROUP BY wanted.top
"""


def count_followers(actor: Actor, *, case_ids: Iterable[int]) -> dict[int, int]:
    """Persons who follow each of these matters, or one that was merged into it; in one query."""
    ids = list(case_ids)
    if not ids:
        return {}
    with nullcontext() if actor.areas else widened(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_COUNT, [ids, ids])
        return dict(cursor.fetchall())

"""Everything a board counts, as one stream: where, when, in which category, and what it was.

A matter was received, closed, replied to (in time or not), and its resident was asked: a rating,
or the answers of a follow-up where he gave none himself. Five bounds to fill in: `low` and `high`
of the area, `since` and `until` of the moment. A matter that was split is one.
"""

from yukuai.cases.states import OPEN

# Written out, not passed: only then does the planner see that the partial index fits.
OPEN_STATES = ", ".join(f"'{state}'" for state in sorted(OPEN))

COUNTED = (
    *("received", "closed", "replied", "on_time", "reopened"),
    *("asked", "contacted", "solved", "satisfied"),
)
"""The columns of the stream, each 0 or 1, behind `area`, `moment`, `category_id` and `matter`."""

RECEIVED = """
    SELECT c.area, c.received_at AS moment, c.category_id, c.id AS matter,
        1 AS received, 0 AS closed, 0 AS replied, 0 AS on_time, (c.reopened > 0)::int AS reopened,
        0 AS asked, 0 AS contacted, 0 AS solved, 0 AS satisfied
    FROM cases_case c
    WHERE c.parent_id IS NULL AND c.area >= %(low)s AND c.area < %(high)s
        AND c.received_at >= %(since)s AND c.received_at < %(until)s
"""
"""The first part of the stream, for whoever counts nothing else."""

HAPPENINGS = f"""{RECEIVED}
    UNION ALL
    SELECT c.area, c.closed_at, c.category_id, c.id, 0, 1, 0, 0, 0, 0, 0, 0, 0 FROM cases_case c
    WHERE c.parent_id IS NULL AND c.area >= %(low)s AND c.area < %(high)s
        AND c.closed_at >= %(since)s AND c.closed_at < %(until)s
    UNION ALL
    SELECT c.area, c.replied_at, c.category_id, c.id, 0, 0, 1,
        coalesce(c.in_time, c.replied_at <= c.promised_at, false)::int, 0, 0, 0, 0, 0
    FROM cases_case c
    WHERE c.parent_id IS NULL AND c.area >= %(low)s AND c.area < %(high)s
        AND c.replied_at >= %(since)s AND c.replied_at < %(until)s
    UNION ALL
    SELECT o.area, o.given_at, c.category_id, c.id, 0, 0, 0, 0, 0,
        1, coalesce(o.contacted, false)::int,
        (o.solved = 'yes')::int, coalesce(o.satisfied, false)::int
    FROM (
        SELECT case_id, area, given_at, contacted, solved, satisfied FROM cases_rating
        WHERE area >= %(low)s AND area < %(high)s
            AND given_at >= %(since)s AND given_at < %(until)s
        UNION ALL
        SELECT v.case_id, v.area, v.given_at, v.contacted, v.solved, v.satisfied
        FROM cases_visit v
        WHERE v.reached AND v.area >= %(low)s AND v.area < %(high)s
            AND v.given_at >= %(since)s AND v.given_at < %(until)s
            AND NOT EXISTS (SELECT FROM cases_rating r
                WHERE r.case_id = v.case_id AND r.round = v.round)
    ) o JOIN cases_case c ON c.id = o.case_id
"""

_EACH = ", ".join(f"u.{name}" for name in COUNTED)
BY_DAY = f"""
    SELECT t.area, t.month + (u.day - 1) AS day, {_EACH}
    FROM cases_monthtally t CROSS JOIN LATERAL unnest(
        t.days, {", ".join(f"t.{name}" for name in COUNTED)}
    ) AS u (day, {", ".join(COUNTED)})
    WHERE t.area >= %(low)s AND t.area < %(high)s
        AND t.month > %(first)s::date - 31 AND t.month < %(fresh)s
        AND t.month + (u.day - 1) >= %(first)s AND t.month + (u.day - 1) < %(fresh)s
"""
"""The months that are kept of communities as one row a day, from `first` up to `fresh`, without."""

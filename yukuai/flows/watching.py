"""How the installation is: what waits and for how long, across all apps, as figures.

Counts and ages alone; no row of anybody leaves here. Each statement reads what an index gives, for
a watcher asks every few seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from yukuai.kernel.metrics import Figure
from yukuai.kernel.scope import EVERYWHERE, widened

SILENT_AFTER = 45
"""Seconds. A worker speaks every ten; after thirty it is struck off."""


@dataclass(frozen=True)
class Question:
    """Its last column is the figure, those before it are the labels."""

    name: str
    says: str
    sql: str
    labels: tuple[str, ...] = ()


QUESTIONS = (
    Question(
        "yukuai_jobs",
        "Jobs that wait, run or have failed",
        "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
        " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2",
        ("queue", "status"),
    ),
    Question(
        "yukuai_job_oldest_seconds",
        "Age of the oldest job that is due and waits",
        "SELECT queue_name, extract(epoch FROM %(at)s - min(coalesce(scheduled_at, ("
        "   SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id))))"
        " FROM procrastinate_jobs j WHERE status = 'todo'"
        " AND (scheduled_at IS NULL OR scheduled_at <= %(at)s) GROUP BY 1",
        ("queue",),
    ),
    Question(
        "yukuai_gathered",
        "Facts that wait for the next round of their kind",
        "SELECT topic, count(*) FROM kernel_gathered GROUP BY 1",
        ("topic",),
    ),
    Question(
        "yukuai_workers",
        "Workers that spoke lately",
        "SELECT count(*) FROM procrastinate_workers"
        " WHERE last_heartbeat > %(at)s - make_interval(secs => 45)",
    ),
    Question(
        "yukuai_sms_waiting",
        "Texts that wait to be sent",
        "SELECT count(*) FROM messaging_delivery WHERE next_try_at IS NOT NULL",
    ),
    Question(
        "yukuai_sms_oldest_seconds",
        "Age of the oldest text that waits",
        "SELECT coalesce(extract(epoch FROM %(at)s - min(created_at)), 0)"
        " FROM messaging_delivery WHERE next_try_at IS NOT NULL",
    ),
    Question(
        "yukuai_sms_parts_waiting",
        "Parts of texts that wait for the SMS centre",
        "SELECT count(*) FROM messaging_smspart WHERE state = 'waiting'",
    ),
    Question(
        "yukuai_sms_stopped",
        "Texts of the last day that did not arrive, by why",
        "SELECT state, count(*) FROM messaging_delivery WHERE state IN ('failed', 'dropped')"
        " AND created_at > %(at)s - interval '1 day' GROUP BY 1",
        ("state",),
    ),
    Question(
        "yukuai_parcels",
        "Lines on their way to outside systems; dead: given up, somebody must look",
        "SELECT s.state, (SELECT count(*) FROM exchange_parcel p WHERE p.state = s.state)"
        " FROM (VALUES ('waiting'), ('dead')) AS s (state)",
        ("state",),
    ),
    Question(
        "yukuai_notices",
        "What outside systems said and nobody has settled",
        "SELECT s.state, (SELECT count(*) FROM exchange_notice n WHERE n.state = s.state)"
        " FROM (VALUES ('waiting'), ('refused')) AS s (state)",
        ("state",),
    ),
    Question(
        "yukuai_webhooks",
        "Subscriptions by state; failing: active and not answered lately",
        "SELECT CASE WHEN state = 'active' AND failing_since IS NOT NULL THEN 'failing'"
        " ELSE state END, count(*) FROM exchange_subscription GROUP BY 1",
        ("state",),
    ),
    Question(
        "yukuai_webhook_lag",
        "Lines of the log that the slowest active subscription has not been told of",
        "SELECT coalesce(max(h.whole_until - s.cursor), 0) FROM exchange_subscription s,"
        " workflow_loghorizon h WHERE s.state = 'active'",
    ),
    Question(
        "yukuai_deadlines_overdue",
        "Running deadlines that have passed",
        "SELECT count(*) FROM workflow_deadline"
        " WHERE met_at IS NULL AND dropped_at IS NULL AND due_at < %(at)s",
    ),
    Question(
        "yukuai_audit_unsealed",
        "Audit entries that no seal covers yet",
        "SELECT count(*) FROM audit_auditentry"
        " WHERE xact >= (SELECT coalesce(max(until_xact), 0) FROM audit_auditseal)",
    ),
    Question(
        "yukuai_audit_unsealed_seconds",
        "Age of the oldest audit entry that no seal covers",
        "SELECT coalesce(extract(epoch FROM %(at)s - min(happened_at)), 0) FROM audit_auditentry"
        " WHERE xact >= (SELECT coalesce(max(until_xact), 0) FROM audit_auditseal)",
    ),
    Question(
        "yukuai_tallies_lag",
        "Lines of the log that the daily counts do not hold yet",
        "SELECT greatest((SELECT coalesce(max(id), 0) FROM workflow_statechange)"
        " - (SELECT coalesce(max(change_id), 0) FROM cases_tallymark), 0)",
    ),
    Question(
        "yukuai_standing_lag",
        "Lines of the log since it was written down how things stand",
        "SELECT greatest((SELECT coalesce(max(id), 0) FROM workflow_statechange)"
        " - (SELECT coalesce(max(change_id), 0) FROM cases_standingmark), 0)",
    ),
    Question(
        "yukuai_database_connections",
        "Connections of web and workers, by what they do",
        "SELECT coalesce(state, 'other'), count(*) FROM pg_stat_activity"
        " WHERE usename = current_user GROUP BY 1",
        ("state",),
    ),
    Question(
        "yukuai_database_connections_most",
        "Connections that the database allows in all",
        "SELECT setting::int FROM pg_settings WHERE name = 'max_connections'",
    ),
)
POOL = {
    "pool_size": "Connections in the pool of the process that answered",
    "pool_available": "Of these, unused",
    "requests_waiting": "Threads of that process that wait for one",
}


def list_figures(*, at: datetime) -> list[Figure]:
    """Within a transaction: it looks everywhere, and at numbers only."""
    with widened(EVERYWHERE), connection.cursor() as cursor:
        return [*(_ask(cursor, question, at) for question in QUESTIONS), *_pool()]


def _ask(cursor: Any, question: Question, at: datetime) -> Figure:
    cursor.execute(question.sql, {"at": at})
    rows = [(tuple(str(v) for v in labels), float(value)) for *labels, value in cursor.fetchall()]
    return Figure(question.name, question.says, question.labels, rows)


def _pool() -> Iterator[Figure]:
    """Nothing where connections are not pooled."""
    pool = getattr(connection, "pool", None)
    stats = pool.get_stats() if pool is not None else {}
    for name, says in POOL.items():
        if name in stats:
            short = name.removeprefix("pool_").removeprefix("requests_")
            yield Figure(f"yukuai_pool_{short}", says, rows=[((), float(stats[name]))])


def find_lacking(*, at: datetime) -> list[str]:
    """What keeps this installation from doing its work; [] when it is ready."""
    lacking = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        if missing := _migrations() - set(cursor.fetchall()):
            lacking.append(f"migrations: {len(missing)} not applied")
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        [spoke] = cursor.fetchone()
    if spoke is None or (at - spoke).total_seconds() > SILENT_AFTER:
        lacking.append("worker: none spoke lately")
    return lacking


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Those of this checkout: they do not change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)

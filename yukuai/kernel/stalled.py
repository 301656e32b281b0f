"""Jobs whose worker died in the middle of them: handed out again.

A worker says every ten seconds that it lives; after thirty silent seconds another one strikes it
off, and its jobs stay `doing` for ever unless somebody picks them up. Every job may run twice.
"""

import logging

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

log = logging.getLogger("yukuai.jobs")


async def revive(app: App) -> int:
    """Hand out again what dead workers held; return how many jobs that were."""
    stalled = list(await app.job_manager.get_stalled_jobs())
    for job in stalled:
        await _again(app, job)
    return len(stalled)


async def _again(app: App, job: Job) -> None:
    """A round of which the next one waits already is let go: that one does its work."""
    try:
        await app.job_manager.retry_job(job)
        log.warning("job %s of a dead worker is run again: %s", job.id, job.task_name)
    except UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        log.warning("job %s of a dead worker is let go: %s", job.id, job.task_name)
    except ConnectorException:  # somebody else was quicker
        log.info("job %s is in other hands", job.id, exc_info=True)

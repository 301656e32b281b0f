"""The worker's part: seal every minute, publish the newest seal once a day."""

from django.conf import settings
from procrastinate.contrib.django import app

from yukuai.audit.sealing import publish_newest, seal
from yukuai.kernel import clock


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="audit.seal", pass_context=False)
def seal_log(timestamp: int) -> None:
    while seal(at=clock.now()):
        pass


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="audit.publish", pass_context=False)
def publish_digest(timestamp: int) -> None:
    publish_newest(settings.AUDIT_DIGEST_DIR, at=clock.now())

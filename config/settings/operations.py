"""How the installation is watched: log lines, figures, jobs (docs/operations/monitoring.md)."""

import os
from typing import Any

from config.environment import VAR

# Who may read /metrics: this machine and these networks (CIDR, by commas). With a token: whoever
# sends it as `Authorization: Bearer …`, and nobody else.
METRICS_NETWORKS = [n for n in os.environ.get("METRICS_NETWORKS", "").split(",") if n]
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
# Counters of requests: one file a process, added up by whichever answers.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(VAR / "metrics"))

# One JSON object a line, or a line to read.
LOG_FORMAT = "json" if os.environ.get("YUKUAI_LOG") == "json" else "line"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"within": {"()": "yukuai.kernel.logs.Within"}},
    "formatters": {
        "line": {"()": "yukuai.kernel.logs.Lines"},
        "json": {"()": "yukuai.kernel.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "yukuai": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"filters": ["within"]},
        # Its lines spell out results and arguments; ours (yukuai.jobs) name job and task.
        "procrastinate": {"level": "WARNING"},
    },
}

# Every line of a job names the job.
PROCRASTINATE_ON_APP_READY = "yukuai.kernel.logs.number_jobs"

"""The web process."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

# What a process is made of is there for good: a collection that looks through all of it stops every
# thread for a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()

"""What gunicorn loads to serve the pages."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from parley.node.logs import log_to_stderr

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.node.settings")

# A page that broke is an event. One that is not there, a foreign form or a foreign host is none: strangers
# could fill the log with them, and each line would hold an address, which may name a case.
log_to_stderr(logging.WARNING)
logging.getLogger("django.request").setLevel(logging.ERROR)
logging.getLogger("django.security").setLevel(logging.CRITICAL)

application = get_wsgi_application()

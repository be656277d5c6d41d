"""What gunicorn loads to serve the pages."""

import logging
import os

from django.core.wsgi import get_wsgi_application

from parley.node.logs import log_to_stderr

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.node.settings")

# A page that is not there, or that somebody may not see, is no event; one that broke is.
log_to_stderr(logging.WARNING)
logging.getLogger("django.request").setLevel(logging.ERROR)

application = get_wsgi_application()

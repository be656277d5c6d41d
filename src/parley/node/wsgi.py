"""What gunicorn loads to serve the pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.node.settings")

application = get_wsgi_application()

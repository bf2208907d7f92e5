"""Entry of the web server: `gunicorn config.wsgi`, or waitress for the demo and on Windows."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from orgs.crypto import DataKeyError  # noqa: E402 needs the settings
from orgs.startup import prepare  # noqa: E402

try:
    prepare()
except DataKeyError as error:
    sys.exit(str(error))

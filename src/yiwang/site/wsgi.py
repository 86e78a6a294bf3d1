"""The WSGI application of pages and API, served by granian in production and in the demo alike."""

from __future__ import annotations

import os

if os.environ.get("YIWANG_SUPERVISED"):  # a server's worker must not outlive a killed server: it would hold the port
    from yiwang.runtime.parent import end_with_parent

    end_with_parent()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

"""The Django project: settings, addresses, the WSGI application of pages and the small ASGI one of live events."""

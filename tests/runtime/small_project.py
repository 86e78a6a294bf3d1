"""The smallest Django project, so that these tests do not depend on what the product's modules are."""

from yiwang.runtime.database import data_folder, django_settings

DATABASES = {"default": django_settings(data_folder())}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
SECRET_KEY = "only for tests " * 5
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

"""Django app of the module evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The door, the acts, the log writer, disclosure, dossiers and audit."""

    name = "yiwang.modules.evidence"
    label = "evidence"

"""Django app of the module evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The door, the acts, the log writer, disclosure, dossiers and audit."""

    name = "yiwang.modules.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Let the acts that decide a tender wait for the witnesses, and the audit report what it finds."""
        from yiwang.modules.evidence import audit_report, programs, states, waiting, witness_clock  # noqa: F401  (register on import)

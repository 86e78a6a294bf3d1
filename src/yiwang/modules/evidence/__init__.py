"""The door, the acts, the log writer, disclosure, dossiers and audit."""

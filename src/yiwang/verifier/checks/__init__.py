"""All checks of a dossier, in the order in which a reader wants them: each says what it recomputes from what."""

"""A tender's life as one line: the procedure's steps, what was done when by whom, what comes next and by which law."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yiwang.kernel import procedures
from yiwang.modules.evidence import selectors as evidence
from yiwang.modules.evidence.actors import ROLES
from yiwang.modules.evidence.models import Act
from yiwang.ui import shapes

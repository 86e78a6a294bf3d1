"""Where the file is that names the log's witnesses."""

from __future__ import annotations

import os
from pathlib import Path

from yiwang.kernel.text import Text
from yiwang.runtime.notready import not_ready

POLICY = "YIWANG_WITNESS_POLICY"
NO_WITNESSES = "none"


def policy_file(data: Path) -> Path | None:
    """The C2SP tlog-policy file of the log's witnesses; None: none are wanted.

    ``YIWANG_WITNESS_POLICY`` names it (``none``: no witnesses), else ``witness.policy`` in the data folder when it is there.
    """
    given = os.environ.get(POLICY, "")
    if given:
        return None if given == NO_WITNESSES else Path(given).absolute()
    return usual(data) if usual(data).is_file() else None


def usual(data: Path) -> Path:
    """Where the file is when nothing else is said."""
    return data / "witness.policy"


def check_policy(path: Path) -> None:
    """The policy file can be used.

    Raises:
        NotReady: it is missing or malformed; the line is named.
    """
    from yiwang.tlog import policy as policies  # the settings import this file: keep it light
    from yiwang.tlog.errors import PolicyError

    fix = Text("见 docs/security/witnesses.md 中的例子", "see the example in docs/security/witnesses.md")
    try:
        policies.parse(path.read_bytes())
    except OSError as error:
        raise not_ready("witness_policy", f"见证人策略文件 {path} 无法读取（{error.strerror}）",
                        f"the witness policy {path} cannot be read ({error.strerror})", passes=fix) from None  # fmt: skip
    except PolicyError as error:
        message = error.reasons[0].message
        raise not_ready("witness_policy", f"见证人策略文件 {path} 有误：{message.zh}",
                        f"the witness policy {path} is wrong: {message.en}", passes=fix) from None  # fmt: skip

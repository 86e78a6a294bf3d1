"""The demo city 滨海市: loaded once into an empty database, whole or not at all; reset; its accounts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection

from yiwang.demo import clock, hands, methods, scripts
from yiwang.demo.cast import Cast, engage, enterprise, player
from yiwang.demo.keyring import Keyring
from yiwang.demo.play import Play
from yiwang.demo.stage import Stage, refuse_in_production
from yiwang.demo.stages import STAGES
from yiwang.kernel import moment
from yiwang.kernel.errors import Refused
from yiwang.kernel.text import Text
from yiwang.kernel.verdict import Reason
from yiwang.modules.evidence import sequencer, vault
from yiwang.modules.parties import cert_sandbox
from yiwang.modules.parties import selectors as parties
from yiwang.runtime import witnesses
from yiwang.runtime.database import django_settings

Progress = Callable[[int, int, Text], None]
"""Told after each step: how many are done, of how many, and what was done."""

PASSWORD = "binhai-2026"
"""Of every demo account; a demo has nothing to protect."""

PROCESSES = 2
"""How many play while the city is loaded: a tender waits for the disk about as long as it computes."""

EXPERTS = 8
"""Per discipline: enough for a draw that nobody can steer, few enough to be seated often."""


@dataclass(frozen=True)
class Account:
    """Somebody as whom a newcomer may sign in."""

    username: str
    name: Text
    role: Text
    password: str

    @property
    def login(self) -> str:
        """The same as ``username``."""
        return self.username


ACCOUNTS = (
    ("jia", Text("甲建国", "Jia Jianguo"), Text("招标人（滨海市城市建设投资有限公司）", "buyer")),
    ("yi", Text("乙明华", "Yi Minghua"), Text("招标代理机构（滨海诚信招标代理有限公司）", "agency")),
    ("bing", Text("丙晓峰", "Bing Xiaofeng"), Text("投标人（丙和建设）", "tenderer (Binghe Construction)")),
    ("ding", Text("丁立群", "Ding Liqun"), Text("投标人（丁立市政）", "tenderer (Dingli Municipal Works)")),
    ("wu", Text("戊评审", "Wu Pingshen"), Text("评标专家", "evaluator")),
    ("ji", Text("己保管1", "Ji Baoguan"), Text("密钥保管人（滨海市公证处）", "custodian (notary office)")),
    ("center", Text("钟正", "Zhong Zheng"), Text("交易中心见证人员", "staff of the trading center")),
    ("geng", Text("庚监督", "Geng Jiandu"), Text("行政监督部门", "supervisor")),
    ("xin", Text("辛经理", "Manager Xin"), Text("金融机构（滨海农村商业银行）", "lender (bank)")),
    ("ren", Text("壬路人", "Ren Luren"), Text("已注册的市民，没有单位", "a registered person without organisation")),
)


def accounts() -> list[Account]:
    """The demo accounts, in the order in which a page shows them."""
    return [Account(username, name, role, PASSWORD) for username, name, role in ACCOUNTS]


def ring() -> Keyring:
    """The private keys of the demo's people."""
    return Keyring(Path(settings.DATA) / "demo-keys")


def custody_key_file(username: str, tender: str) -> str | None:
    """A demo custodian's one-time key for a tender, as the text of the key file; None outside the demo or when none."""
    if settings.PRODUCTION:
        return None
    try:
        return ring().custody_file(tender, username)
    except ValueError:
        return None


def state() -> str:
    """``absent``, ``loading`` (a load that did not end) or ``loaded``; kept in the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('demo.city')")
        if cursor.fetchone()[0] is None:
            return "absent"
        cursor.execute("SELECT state FROM demo.city")
        row = cursor.fetchone()
        return row[0] if row else "absent"


def load(progress: Progress = lambda done, total, what: None) -> bool:
    """Load the city; False when it is loaded already. What an interrupted load left is cleared first.

    Raises:
        Refused: in production; or the database holds data that are not the demo's.
    """
    refuse_in_production()
    with _alone():
        found = state()
        if found == "loaded":
            return False
        if found == "loading":
            _clear()
        elif parties.organisations().exists():
            raise _not_ours()
        _load(progress)
    return True


def load_if_empty(progress: Progress = lambda done, total, what: None) -> bool:
    """Load the city into an empty database; leave any other alone. False when nothing was loaded."""
    if state() == "absent" and parties.organisations().exists():
        return False
    return load(progress)


def reset() -> None:
    """Empty the demo's database, log and files; refuses a database whose data are not the demo's.

    Raises:
        Refused: in production, not the demo's, or a worker is running.
    """
    refuse_in_production()
    with _alone():
        if state() == "absent":
            raise _not_ours()
        _refuse_beside_worker()
        _clear()


def _load(progress: Progress) -> None:
    rows = scripts.ordered()
    total = len(rows) + 2
    _mark("loading")
    hashed = make_password(PASSWORD)
    with moment.clock_at(Stage(scripts.start_of(rows[0]))):
        cast = call(hashed)
    progress(1, total, Text("单位和人员", "organisations and people"))
    titles = {row.code: row.title for row in rows}
    for done, code in enumerate(_played(cast, rows, hashed), 2):
        progress(done, total, Text(titles[code], code))
    with moment.clock_at(Stage(scripts.OPENS)):
        methods.around(cast)
        sequencer.sequence_all()
    clock.set_to(scripts.OPENS)
    cert_sandbox.authority(scripts.OPENS)
    _mark("loaded")
    progress(total, total, Text("演示城市已就绪", "the demo city is ready"))


def _played(cast: Cast, rows: list[scripts.Row], hashed: str) -> Iterator[str]:
    """Play the rows: in two processes, or in this one when others would not find its database (in tests)."""
    if connection.settings_dict["NAME"] == django_settings(Path(settings.DATA))["NAME"]:
        yield from hands.play_all([row.code for row in rows], hashed, PROCESSES)
        return
    for row in rows:
        play_row(cast, row)
        yield row.code


def play_row(cast: Cast, row: scripts.Row) -> None:
    """Play one tender to the stage where it waits."""
    play = Play(cast, Stage(scripts.start_of(row)), scripts.script_of(row))
    with moment.clock_at(play.stage):
        (STAGES | methods.STAGES)[row.stage](play)
    if play.stage() > scripts.OPENS:
        raise AssertionError(f"{row.code} reaches {play.stage()}, later than the city opens")


def call(hashed: str) -> Cast:
    """The city's cast; engaged the first time. ``hashed``: the password of all, as Django hashes it."""
    keys = ring()
    cast = engage(hashed=hashed, experts_per_discipline=EXPERTS, ring=keys)
    for firm, username, name in ((scripts.BING, "bing", "丙晓峰"), (scripts.DING, "ding", "丁立群")):
        cast.tenderers[firm] = enterprise(firm, username=username, shown=name, password=hashed, ring=keys)
    for firm in scripts.FIRMS:
        cast.tenderer(firm, small=firm in scripts.SMALL)
    player("ren", "壬路人", organisation=None, password=hashed, ring=keys)
    return cast


def _mark(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS demo")
        cursor.execute("CREATE TABLE IF NOT EXISTS demo.city (state text NOT NULL)")
        cursor.execute("DELETE FROM demo.city")
        cursor.execute("INSERT INTO demo.city VALUES (%s)", [word])


def _clear() -> None:
    """Empty all tables (evidence refuses to be deleted row by row, not to be truncated), and remove the files with them.

    The mark goes last: after a crash in between, the next load clears again.
    """
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - FROM_MIGRATING
    names = ", ".join(map(connection.ops.quote_name, sorted(tables)))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE demo.city SET state = 'loading'")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
    for folder in (settings.LOG_FOLDER, settings.FILES_FOLDER, vault.folder(), ring().folder):
        shutil.rmtree(folder, ignore_errors=True)
    sequencer.forget()
    witnesses.forget(settings.DATA)
    clock.path().unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA demo CASCADE")


FROM_MIGRATING = {"django_content_type", "auth_permission"}
"""Tables whose rows come with the tables; that of the migrations is not Django's to list."""


@contextmanager
def _alone() -> Iterator[None]:
    """One load or reset at a time, whatever the number of processes; the others wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('yiwang.demo'))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('yiwang.demo'))")


def _refuse_beside_worker() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('yiwang.worker'))")
        if cursor.fetchone()[0]:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('yiwang.worker'))")
            return
    raise Refused(
        Reason("demo.running", Text("站点正在运行，不能重置", "the site is running and cannot be reset"),
               passes=Text("先停止 yiwang run", "stop yiwang run first"))
    )  # fmt: skip


def _not_ours() -> Refused:
    return Refused(
        Reason("demo.not_empty", Text("数据库中有演示城市以外的数据，没有改动", "the database holds other data than the demo's; nothing was changed"),
               passes=Text("用 YIWANG_DATA 另选数据文件夹", "choose another data folder in YIWANG_DATA"))
    )  # fmt: skip


def summary() -> dict[str, Any]:
    """For ``yiwang demo``: state, time and number of tenders by state."""
    from yiwang.modules.evidence.actors import SYSTEM
    from yiwang.modules.tenders import selectors as tenders

    found: dict[str, int] = {}
    for each in tenders.visible_to(SYSTEM).values_list("state", flat=True):
        found[each] = found.get(each, 0) + 1
    return {"state": state(), "now": clock.now().astimezone(moment.LOCAL).isoformat(timespec="minutes"), "tenders": found}

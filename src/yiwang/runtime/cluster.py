"""One PostgreSQL data folder: made once, started, watched, stopped. Used by the keeper alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from yiwang.runtime.account import Account, owner_of, server_account
from yiwang.runtime.binaries import Binaries, binaries_for, reachable
from yiwang.runtime.notready import NotReady, not_ready
from yiwang.runtime.parent import end_with_parent
from yiwang.runtime.place import SHARED, Place, account_of

USER = "yiwang"
READY = "ready"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_LOG_MOST = 20 * 2**20
_ACCESS = "# Only the unix socket, whose folder nobody else may enter.\nlocal all all trust\n"


class Cluster:
    """The server of one :class:`Place`."""

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.place = place
        self.durable = durable
        self.account: Account = account_of(place, server_account())
        self.programs: Binaries = reachable(binaries_for(place.cluster), self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make folders and the data folder where they are absent; a half-made one never gets its name."""
        self._folders()
        if (self.place.cluster / "PG_VERSION").exists():
            return
        half = self.place.base / "cluster.new"
        shutil.rmtree(half, ignore_errors=True)
        refused = ""
        for locale in ("C.UTF-8", "C"):
            done = self._initdb(half, locale)
            if done.returncode == 0:
                (half / "pg_hba.conf").write_text(_ACCESS, encoding="ascii")
                half.rename(self.place.cluster)
                return
            shutil.rmtree(half, ignore_errors=True)
            refused = refused or done.stderr.decode(errors="replace")
        raise reading(refused)

    def start(self, *, wait: float) -> None:
        """Start the server and wait until it takes connections, at most ``wait`` seconds, recovery included.

        Raises:
            NotReady: it does not come up; the reason is read from its log.
        """
        end = time.monotonic() + wait
        while True:
            self._clear_stale(end)
            offset = self._open_and_spawn()
            if self._became_ready(end):
                return
            written = self._log_since(offset)
            self.stop()
            if time.monotonic() > end or "No space left" in written:
                raise reading(written)
            time.sleep(0.2)

    def alive(self) -> bool:
        """True while the server's first process runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, *, wait: float = 8.0) -> None:
        """Stop the server in an orderly way (``fast``); when it takes longer than ``wait`` seconds, at once."""
        if self.process is None:
            return
        for sent, patience in ((signal.SIGINT, wait), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
            if self.process.poll() is None:
                self.process.send_signal(sent)
            try:
                self.process.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None

    def _folders(self) -> None:
        place = self.place
        if place.elsewhere:
            SHARED.mkdir(mode=0o755, parents=True, exist_ok=True)
            place.pointer.write_text(f"{place.base}\n", encoding="utf-8")
        for folder in (place.base, place.sockets):
            try:
                folder.mkdir(mode=0o700)
                if not self.account.itself:
                    os.chown(folder, self.account.uid, self.account.gid)
            except FileExistsError:
                _must_own(folder, self.account)

    def _initdb(self, target: Path, locale: str) -> subprocess.CompletedProcess[bytes]:
        command: list[str | Path] = [self.programs.folder / "initdb", "--pgdata", target, "--username", USER]
        command += ["--encoding", "UTF8", "--locale", locale, "--auth", "trust", "--data-checksums"]
        if not self.durable:
            command.append("--no-sync")
        options = self.account.spawn_options()
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, check=False, capture_output=True, env=_ENVIRONMENT, **options
        )
        return done

    def _open_and_spawn(self) -> int:
        """Start the first process; the length of the log before it."""
        log = self.place.log
        if log.exists() and log.stat().st_size > _LOG_MOST:
            log.replace(log.with_suffix(".log.old"))
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [self.programs.folder / "postgres", "-D", self.place.cluster, *self._settings()],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=_ENVIRONMENT,
                start_new_session=True, preexec_fn=lambda: end_with_parent(signal.SIGINT),  # noqa: PLW1509 (the keeper has one thread)
                **self.account.spawn_options(),
            )  # fmt: skip
            return output.tell()

    def _settings(self) -> list[str]:
        sure = "on" if self.durable else "off"
        values = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.place.sockets}"',
            "unix_socket_permissions": "0700",
            "port": "5432",
            "fsync": sure,
            "synchronous_commit": sure,
            "full_page_writes": sure,
            "max_connections": "100",
            "jit": "off",  # compiling costs more than it saves in statements that take milliseconds
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",  # statements may carry personal data: keep them out of the log
            "log_line_prefix": "%m [%p] ",
            "idle_in_transaction_session_timeout": "5min",
        }
        return [word for name, value in values.items() for word in ("-c", f"{name}={value}")]

    def _became_ready(self, end: float) -> bool:
        """True once ``postmaster.pid`` says ready; False when the server ended or time is over."""
        while time.monotonic() < end:
            if not self.alive():
                return False
            if self.process is not None and _status(self.place.cluster) == (self.process.pid, READY):
                return True
            time.sleep(0.02)
        return False

    def _clear_stale(self, end: float) -> None:
        """Wait for what a killed server left behind; remove a pid file whose number belongs to another program."""
        cluster = self.place.cluster
        while (left := _processes_in(cluster)) and time.monotonic() < end:
            pid = _status(cluster)[0]
            if pid in left:  # a server whose keeper was killed: it has been told to stop; tell it once more
                os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        if not left and Path("/proc/self/cwd").exists():  # a zombie's or a reused number must not lock us out
            sockets = self.place.sockets
            for stale in (cluster / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)

    def _log_since(self, offset: int) -> str:
        with self.place.log.open("rb") as log:
            log.seek(offset)
            return log.read(200_000).decode(errors="replace")


def reading(log: str) -> NotReady:
    """The one sentence behind what PostgreSQL wrote when it did not start."""
    if "No space left" in log:
        return not_ready("disk_full", "磁盘已满，数据库无法启动；请腾出空间后重试，已确认的数据不会丢失",
                         "the disk is full and the database cannot start; free some space and try again, "
                         "nothing acknowledged is lost")  # fmt: skip
    if "Permission denied" in log:
        return not_ready("permission", "数据库用户无权使用其文件夹", "the database's user may not use its folder")
    lines = [
        line for line in log.splitlines() if any(word in line for word in ("FATAL", "PANIC", "error", "could not"))
    ]
    last = (lines or log.splitlines() or ["?"])[-1].split("FATAL:")[-1].strip()
    return not_ready("database_start", f"数据库没有启动：{last}", f"the database did not start: {last}")


def _must_own(folder: Path, account: Account) -> None:
    """Refuse a folder (in /tmp it may be a stranger's) that is not the database user's own, closed folder."""
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != account.uid:
        owner = owner_of(folder).uid
        raise not_ready(
            "folder_owner",
            f"文件夹 {folder} 属于另一用户（编号 {owner}）；请用该用户启动，或用 YIWANG_DATA 另选数据文件夹",
            f"the folder {folder} belongs to another user (number {owner}); "
            "start as that user, or choose another data folder in YIWANG_DATA",
        )
    if status.st_mode & 0o077:
        folder.chmod(0o700)


def _status(cluster: Path) -> tuple[int, str]:
    """Process id and state as PostgreSQL writes them in ``postmaster.pid`` (lines 1 and 8)."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return 0, ""


def _processes_in(cluster: Path) -> set[int]:
    """Processes that work in the data folder: every PostgreSQL process has it as its current folder (Linux)."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == cluster and "postgres" in (entry / "comm").read_text():
                found.add(int(entry.name))
        except OSError:
            continue
    return found

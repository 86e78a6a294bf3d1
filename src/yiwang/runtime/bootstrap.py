"""Install yiwang into ``.venv`` of its clone. Run by a bare ``python3`` (standard library only), called by ``make``.

    python3 src/yiwang/runtime/bootstrap.py [--dev] [--distribution]

Steps: virtual environment, hash-locked packages, yiwang itself, front end; for the tests, programs of the distribution.
A stamp makes a second run take no time.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
_ENVIRONMENT = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONWARNINGS": "ignore"}


class Stop(Exception):
    """Installation cannot go on; the message says what to do."""


def say(zh: str, en: str) -> str:
    """The sentence in the language of the locale, as ``yiwang`` itself chooses it."""
    names = ("YIWANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    first = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return zh if first.lower().startswith("zh") else en


def main() -> int:
    """0 when everything is installed, 3 when the machine lacks something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also the tools for tests")
    parser.add_argument(
        "--distribution", action="store_true", help="also the distribution's packages for tests, when root and missing"
    )
    words = parser.parse_args()
    try:
        install(dev=words.dev)
        if words.distribution:
            distribution()
    except Stop as stop:
        print(f"✗ {stop}", file=sys.stderr)
        return 3
    return 0


def install(*, dev: bool) -> None:
    """All steps that are not up to date."""
    if sys.version_info < OLDEST:
        here = ".".join(str(part) for part in sys.version_info[:3])
        zh = f"需要 Python 3.11 或更新，这里是 {here}；可用 make PYTHON=python3.11 指定"
        raise Stop(say(zh, f"Python 3.11 or newer is needed, this is {here}; choose one: make PYTHON=python3.11"))
    wanted = stamp(dev=True), stamp(dev=False)
    have = _read(VENV / "yiwang.stamp")
    if not (PYTHON.exists() and have in (wanted[:1] if dev else wanted)):
        (VENV / "yiwang.stamp").unlink(missing_ok=True)
        environment()
        packages(ROOT / ("requirements-dev.txt" if dev else "requirements.txt"))
        ourselves()
        (VENV / "yiwang.stamp").write_text(stamp(dev=dev), encoding="ascii")
    front_end()


def stamp(*, dev: bool) -> str:
    """A hash over everything that decides what is installed."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {dev} {ROOT}".encode())
    for name in ("requirements-dev.txt" if dev else "requirements.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def environment() -> None:
    """Make ``.venv`` when it is absent or its Python has gone."""
    if (
        PYTHON.exists()
        and subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True).returncode == 0
    ):
        return
    began = _begin(say("建立 Python 环境 .venv", "making the Python environment .venv"))
    shutil.rmtree(VENV, ignore_errors=True)
    if _has("ensurepip"):
        _run([sys.executable, "-m", "venv", VENV])
    elif shutil.which("uv"):
        _run(["uv", "venv", "--quiet", "--seed", "--no-managed-python", "--python", sys.executable, VENV])
    elif _has("pip"):  # Debian's python3-pip without python3-venv
        _run([sys.executable, "-m", "venv", "--without-pip", VENV])
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        _apt("python3-venv")
        _run(
            [
                "/usr/bin/python3" if Path(sys.executable).parent == Path("/usr/bin") else sys.executable,
                "-m",
                "venv",
                VENV,
            ]
        )
    else:
        raise Stop(say("这台机器的 Python 缺少 venv；请管理员执行 apt-get install python3-venv，然后重来",
                       "this machine's Python lacks venv; have an administrator run apt-get install python3-venv, "
                       "then try again"))  # fmt: skip
    _done(began)


def packages(requirements: Path) -> None:
    """Install the locked packages; every file must have one of the hashes in the list.

    The installer ``uv`` stands in the development list: it comes first, alone, and then brings the others in a tenth of
    pip's time. Where it cannot (a network that only pip is set up for), pip does it.
    """
    text = requirements.read_text(encoding="utf-8")
    count = len(re.findall(r"(?m)^[A-Za-z0-9]", text))
    began = _begin(say(f"安装 {count} 个软件包", f"installing {count} packages"))
    if not _by_uv(text, requirements):
        words = ["install", "--require-hashes", "--no-deps", "--progress-bar", "off", "-r", str(requirements)]
        _run([*_pip(), *words], count=count)
    _done(began)


def _by_uv(text: str, requirements: Path) -> bool:
    """Install with uv; False when the list has none, or it did not succeed. pip's own addresses are handed on."""
    own = re.search(r"(?m)^uv==(?:.*\\\n)*.*\n", text)
    if own is None:
        return False
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as alone:
            alone.write(own.group())
            alone.flush()
            _run([*_pip(), "install", "--quiet", "--require-hashes", "--no-deps", "-r", alone.name])
    words = ["pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "--no-deps", "-r", str(requirements)]
    return subprocess.run([uv, *words, *_addresses()], check=False, capture_output=True, env=_ENVIRONMENT).returncode == 0


def _addresses() -> list[str]:
    """Where pip is told to look, by its settings or environment, as options that uv knows too."""
    told = subprocess.run([*_pip(), "config", "list"], check=False, capture_output=True, text=True, env=_ENVIRONMENT).stdout
    found = re.findall(r"(?m)^[\w:]+\.(index-url|extra-index-url|find-links)='(.*)'$", told)
    return [word for name, value in found for each in value.replace("\\n", " ").split() for word in (f"--{name}", each)]


def ourselves() -> None:
    """Install yiwang itself as a link to this clone, with the build tools that are locked too."""
    began = _begin(say("安装 yiwang", "installing yiwang"))
    _run([*_pip(), "install", "--no-deps", "--no-build-isolation", "--quiet", "--editable", str(ROOT)])
    _done(began)


def front_end() -> None:
    """Build the browser's modules with the node of a Python package, when their sources changed.

    Pages work without them (all but sealing in the browser), so a failure is told and does not stop the start.
    """
    spec = importlib.util.spec_from_file_location("front_end_build", ROOT / "src" / "yiwang" / "ui" / "build.py")
    if spec is None or spec.loader is None:
        return
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    if build.up_to_date():
        return
    began = _begin(say("构建前端", "building the front end"))
    try:
        _run([PYTHON, "-c", "from yiwang.ui.build import build_front_end; build_front_end(print)"])
    except Stop as stop:
        print(f"✗ {stop}", file=sys.stderr)
        return
    _done(began)


class Tool(NamedTuple):
    """What some tests use from the distribution's packages, and how to see that it is there."""

    packages: tuple[str, ...]
    there: Callable[[], bool]
    zh: str
    en: str


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


_JUDGES = "用他人程序核对日志的测试", "tests of the log by programs of others"
TOOLS = (
    Tool(
        ("chromium", "fonts-noto-cjk"),
        _programs("chromium", "chromium-browser", "google-chrome"),
        "浏览器测试",
        "browser tests",
    ),
    Tool(("golang-go",), _programs("go"), *_JUDGES),
    Tool(("golang-golang-x-mod-dev",), Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").exists, *_JUDGES),
    Tool(("age",), _programs("age"), "用现成的 age 程序开标的测试", "tests that open bids with the age program"),
    Tool(("unzip",), _programs("unzip"), "用现成的 age 程序开标的测试", "tests that open bids with the age program"),
    Tool(("softhsm2",), _programs("softhsm2-util"), "密码机（PKCS#11）测试", "PKCS#11 tests"),
)
"""Packages that are there otherwise (a newer Go, another browser) are not installed."""


def distribution() -> None:
    """Install what tests use from the distribution, when we are root and it is missing; say which tests are skipped."""
    missing = [tool for tool in TOOLS if not tool.there()]
    able = os.geteuid() == 0 and shutil.which("apt-get") is not None
    for number, tool in enumerate(missing):
        names = " ".join(tool.packages)
        skipped = say(f"{tool.zh}将跳过并注明", f"{tool.en} will be skipped and say so")
        if not able:
            print("· " + say(f"没有 {names}：{skipped}", f"no {names}: {skipped}"))
            continue
        began = _begin(say(f"安装 {names}", f"installing {names}"))
        try:
            _apt(*tool.packages, update=number == 0)
        except Stop as stop:
            print(f"· {stop}; {skipped}")
            continue
        _done(began)


def _has(module: str) -> bool:
    """True when this Python has the module with its code (Debian splits some into packages of their own)."""
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None


def _pip() -> list[str]:
    own = subprocess.run([PYTHON, "-c", "import pip"], check=False, capture_output=True).returncode == 0
    return [str(PYTHON), "-m", "pip"] if own else [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def _apt(*names: str, update: bool = True) -> None:
    environment = {**_ENVIRONMENT, "DEBIAN_FRONTEND": "noninteractive"}
    if update:
        _run(["apt-get", "-qq", "update"], environment=environment)
    _run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *names], environment=environment)


def _run(
    command: list[str | Path], *, count: int = 0, cwd: Path = ROOT, environment: dict[str, str] | None = None
) -> None:
    """Run a command, its output kept for the case of failure; with ``count`` tell how many packages have come."""
    kept: list[str] = []
    came, last = 0, time.monotonic()
    with subprocess.Popen([str(word) for word in command], cwd=cwd, env=environment or _ENVIRONMENT, text=True,
                          errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            kept.append(line.rstrip())
            if count and line.startswith(("Collecting ", "Requirement already satisfied", "Installing ")):
                came += line.startswith(("Collecting ", "Requirement"))
                if line.startswith("Installing ") or time.monotonic() - last > 1:
                    last = time.monotonic()
                    print(f"    {came}/{count} {' '.join(line.split()[:2])[:60]}", flush=True)
    if process.returncode:
        print("\n".join(kept[-15:]), file=sys.stderr)
        name = " ".join(Path(str(word)).name if number < 2 else str(word) for number, word in enumerate(command[:4]))
        raise Stop(_why(kept, name))


def _why(kept: list[str], name: str) -> str:
    text = "\n".join(kept)
    if "No space left" in text:
        return say("磁盘已满；请腾出空间后重来", "the disk is full; free some space and try again")
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in text:
        return say(
            "有软件包与锁定的校验值不符，已停止安装", "a package does not have its locked hash; nothing was installed"
        )
    if "Permission denied" in text:
        return say(f"没有写入权限（{name}）；请改正文件夹权限", f"no right to write ({name}); mend the folder's rights")
    return say(
        f"“{name}” 失败，原因见上；改正后重来即可接着安装",
        f"“{name}” failed, see above; once mended, the same command goes on",
    )


def _begin(what: str) -> float:
    print(f"· {what} …", flush=True)
    return time.monotonic()


def _done(began: float) -> None:
    print(f"✓ {time.monotonic() - began:.1f} s", flush=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())

"""What the operating system must provide: Debian packages, and a font out of one that is not installed."""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .progress import ROOT, StepFailed, run, say, warn

PDF = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig"]
FONTS = ["fonts-noto-cjk", "fonts-noto-cjk-extra", "fonts-lxgw-wenkai"]
TESTS = ["postgresql", "redis-server", "chromium", "poppler-utils"]
# Libraries without which no PDF can be made, and programs without which no test can run.
NEEDED_LIBRARIES = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0"}
FANDOL = ROOT / "var" / "fonts" / "fandol"
FANDOL_PACKAGE = "texlive-lang-chinese"
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def install_packages(*, for_tests: bool) -> None:
    """Install what is missing if we may; else name the exact command. Fonts are optional, the rest is not."""
    if not shutil.which("dpkg-query"):
        _require_libraries("This is neither Debian nor Ubuntu, so nothing was installed.")
        return
    wanted = PDF + FONTS + _venv_package() + (TESTS if for_tests else [])
    missing = [package for package in wanted if not _is_installed(package)]
    if not missing:
        say("      everything is there")
        return
    sudo = _privilege()
    command = ["apt-get", "install", "-y", "--no-install-recommends"]
    if sudo is None:
        _explain_and_go_on_if_possible(missing, " ".join(["sudo", *command]))
        return
    say(f"      installing {' '.join(missing)}")
    run([*sudo, "apt-get", "update"], log="apt-update", env=QUIET, advice="Is the network reachable?")
    available = [package for package in missing if _is_available(package)]
    if absent := sorted(set(missing) - set(available)):
        warn(f"This release of the system has no package {', '.join(absent)}.")
    if available:
        run([*sudo, "env", *(f"{k}={v}" for k, v in QUIET.items()), *command, *available], log="apt-install")
    _require_libraries("")


def fetch_fandol() -> None:
    """FandolFang (仿宋), out of a Debian package that is downloaded but not installed (no TeX)."""
    if any(FANDOL.glob("FandolFang*.otf")):
        say("      already there")
        return
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        _warn_no_fandol("apt-get and dpkg-deb are needed to fetch it.")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # apt downloads as its own user
        try:
            script = (
                f"cd {folder} && apt-get download {FANDOL_PACKAGE} && dpkg-deb -x {FANDOL_PACKAGE}_*.deb ."
            )
            run(["sh", "-c", script], log="fandol", env=QUIET)
        except StepFailed as failure:
            _warn_no_fandol(str(failure))
            return
        FANDOL.mkdir(parents=True, exist_ok=True)
        for font in Path(folder).rglob("fandol/*.otf"):
            shutil.copy(font, FANDOL / font.name)


def fonts_fingerprint() -> str:
    """Changes when a font is added to the system or to the office's own folder."""
    folders = [FANDOL, Path(os.environ.get("SCHOOLSAFETY_FONT_DIR") or FANDOL)]
    folders += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    files = sorted(
        f"{path}:{path.stat().st_size}"
        for folder in folders
        for path in folder.rglob("*.[ot]t[fc]")
        if path.is_file()
    )
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def _venv_package() -> list[str]:
    """Debian's Python comes without ensurepip; then its package is needed to make a virtual environment."""
    try:
        import ensurepip  # noqa: F401, PLC0415 -- to see whether it is there
    except ImportError:
        return [f"python3.{sys.version_info.minor}-venv"]
    return []


def _is_installed(package: str) -> bool:
    query = ["dpkg-query", "-W", "-f=${Status}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    return answer.stdout.startswith("install ok installed")


def _is_available(package: str) -> bool:
    query = ["apt-cache", "show", "--no-all-versions", package]
    return subprocess.run(query, capture_output=True, check=False).returncode == 0


def _privilege() -> list[str] | None:
    """What lets apt-get install: nothing for root, sudo if it asks no password, else None."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode:
        return ["sudo", "-n"]
    return None


def _explain_and_go_on_if_possible(missing: list[str], command: str) -> None:
    optional = [package for package in missing if package in FONTS]
    needed = [package for package in missing if package not in FONTS]
    text = f"{command} {' '.join(missing)}"
    if needed and not (set(needed) <= set(PDF) and not _absent_libraries()):
        raise StepFailed(f"System packages are missing and I may not install them. Please run:\n  {text}")
    if optional:
        warn(f"Fonts are missing, so papers use a plain substitute. To install them:\n  {text}")


def _absent_libraries() -> list[str]:
    return [package for name, package in NEEDED_LIBRARIES.items() if not ctypes.util.find_library(name)]


def _require_libraries(why: str) -> None:
    if absent := _absent_libraries():
        raise StepFailed(f"{why} PDF papers need {', '.join(absent)} (Pango 1.44 or newer).".strip())


def _warn_no_fandol(why: str) -> None:
    warn(f"The typeface FandolFang (仿宋) could not be fetched; papers use another typeface.\n{why}")

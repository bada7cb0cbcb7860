"""The project's own sources, for the tests that read them: modules, functions, templates, scripts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ["schoolsafety/core", "hazards", "inspections", "supervision", "campaigns", "reports"]
PACKAGES = ["schoolsafety", *APPS[1:], "scripts", "bench", "tests"]
TEMPLATES = ROOT / "templates"
TEMPLATE_NAME = re.compile(r"""["']([\w./{}*()\[\]-]+\.(?:html|txt|svg))["']""")
FIELD = re.compile(r"{[^{}]*}")


def name_of(path: Path) -> str:
    """The path as it is written in a report: relative to the project."""
    return str(path.relative_to(ROOT))


def modules(*packages: str) -> Iterator[Path]:
    """Every Python module of the packages (default: all of ours), migrations left out."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def view_modules() -> Iterator[Path]:
    """`views.py` and the modules of `views/` of each app."""
    for path in modules(*APPS):
        if path.name == "views.py" or path.parent.name == "views":
            yield path


def rule_modules() -> Iterator[Path]:
    """`workflow.py`, `services.py` and the modules of `services/` of each app."""
    for path in modules(*APPS):
        if path.name in {"workflow.py", "services.py"} or path.parent.name == "services":
            yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function in a module, decorators not counted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def templates() -> Iterator[Path]:
    """Every template file of the project."""
    return (path for path in sorted(TEMPLATES.rglob("*")) if path.suffix in {".html", ".txt", ".svg"})


def template_patterns() -> dict[str, str]:
    """Template names that the sources mention → where; `*` stands for what is computed."""
    found: dict[str, str] = {}
    for path in [*modules(*PACKAGES), *templates()]:
        for match in TEMPLATE_NAME.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(FIELD.sub("*", match.group(1)), name_of(path))
    return found


def bare_reads(path: Path) -> Iterator[str]:
    """Places where a module reads rows without the row scope."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Attribute(attr="objects", value=model), attr=name):
                if name not in {"visible_to", "administered_by"}:
                    yield f"{name_of(path)}:{node.lineno} {ast.unparse(model)}.objects.{name}"
            case ast.Attribute(attr="_default_manager" | "_base_manager" as name):
                yield f"{name_of(path)}:{node.lineno} {name}"
            case ast.Call(
                func=ast.Name(id="get_object_or_404" | "get_list_or_404" as name), args=[first, *_]
            ):
                # A class, a manager or `.objects` itself as the source: no scope can be in it.
                source = ast.unparse(first)
                if source.rpartition(".")[2][:1].isupper() or source.endswith(".objects"):
                    yield f"{name_of(path)}:{node.lineno} {name}({source})"


def clock_reads(path: Path) -> Iterator[str]:
    """Places where a module asks what time it is; `localdate(now)` with an argument only converts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and not node.args and not node.keywords:
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in {"now", "localdate", "localtime", "today", "utcnow", "time"}:
                yield f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"

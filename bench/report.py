"""What a measurement says, collected: each figure beside the figure it is compared with."""

import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One measurement. `value` and `baseline` have the same `unit`; less is better unless told otherwise."""

    group: str
    name: str
    value: float
    baseline: float | None
    unit: str
    is_less_better: bool = True
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline; 1 is equal, None without a baseline."""
        if not self.baseline or not self.value:
            return None
        return self.baseline / self.value if self.is_less_better else self.value / self.baseline


@dataclass
class Report:
    """All rows of one run; `scale` says how large a city to measure with."""

    scale: str = "normal"
    rows: list[Row] = field(default_factory=list)

    def add(self, group: str, name: str, value: float, unit: str, *, baseline: float | None = None, **more):
        """Add one figure; `baseline` is the figure of the thing compared with, measured the same way."""
        self.rows.append(Row(group, name, value, baseline, unit, **more))

    def table(self) -> str:
        """Columns: group, name, value, baseline, ratio, note."""
        lines = [("", "measured", "value", "baseline", "ratio", "")]
        for row in self.rows:
            baseline = "-" if row.baseline is None else f"{row.baseline:.4g} {row.unit}"
            ratio = "-" if row.ratio is None else f"{row.ratio:.2f}x"
            lines.append((row.group, row.name, f"{row.value:.4g} {row.unit}", baseline, ratio, row.note))
        widths = [max(len(line[i]) for line in lines) for i in range(6)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def write(self, path: Path) -> None:
        """The same as JSON, with the machine that it was measured on."""
        machine = {"python": platform.python_version(), "system": platform.platform()}
        rows = [asdict(row) | {"ratio": row.ratio} for row in self.rows]
        content = {"machine": machine, "scale": self.scale, "rows": rows}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

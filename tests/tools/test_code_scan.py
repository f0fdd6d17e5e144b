"""Weak code does not pass `make check`, unless its line says why."""

import subprocess
import sys
from pathlib import Path

from config import PROJECT

WEAK = "import pickle\n\n\ndef read(sent):\n    return pickle.loads(sent)"


def scanned(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.code_scan", "--quiet", "--configfile", PROJECT / "pyproject.toml", file]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_weak_code_is_named_by_rule_and_line(tmp_path: Path) -> None:
    (tmp_path / "weak.py").write_text(WEAK)
    told = scanned(tmp_path / "weak.py")
    assert told.returncode == 1
    assert "B301" in told.stdout
    assert "weak.py:5" in told.stdout


def test_weak_code_whose_lines_are_excused_passes_without_a_word(tmp_path: Path) -> None:
    excused = WEAK.replace("pickle\n", "pickle  # nosec B403\n", 1) + "  # nosec B301  # of our own making\n"
    (tmp_path / "weak.py").write_text(excused)
    told = scanned(tmp_path / "weak.py")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")

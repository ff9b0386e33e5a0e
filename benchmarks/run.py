"""bin/bench [NAME …]: each job beside its floor. Exit 1 when a budget of design.md §9 is broken."""

import runpy
import sys
from pathlib import Path

# Started as a file: the repository's root must come before this folder on the path.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
runpy.run_module("benchmarks.main", run_name="__main__")

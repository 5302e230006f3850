"""What runs by itself at commits and at the place where the project is published does what the
Makefile says.
"""

import re
import shutil
import tomllib
from typing import Any

import yaml

from tests.processes import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def targets(command: str) -> list[str]:
    """What a command asks make for."""
    _, _, asked = command.partition("make ")
    return [word for word in re.sub(r'\w+="[^"]*"', "", asked).split() if "=" not in word]


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_make_knows_all_that_the_workflow_asks_for() -> None:
    asked = {one for job in JOBS for line in commands(job) for one in targets(line)}
    assert {"ready", "lint", "types", "all-tests"} <= asked
    assert [one for one in asked if not re.search(rf"^{one}:", MAKEFILE, re.MULTILINE)] == []


def test_it_does_what_make_test_does_and_that_is_what_the_other_runs() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text().splitlines()
    done = {one for job in JOBS for line in commands(job) for one in targets(line)}
    part = re.findall(r"^test:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    wanted = set(re.findall(r"\b(lint|types|all-tests)\b", part[0]))
    assert wanted == {"lint", "types", "all-tests"}
    assert wanted <= done


def test_the_tests_run_on_both_databases_and_each_python_that_is_promised() -> None:
    matrix = JOBS["tests"]["strategy"]["matrix"]
    assert set(matrix["database"]) == {"postgresql", "not postgresql"}
    with (ROOT / "pyproject.toml").open("rb") as file:
        promised = tomllib.load(file)["project"]["requires-python"]
    assert promised.startswith(f">={matrix['python'][0]},")
    tried = re.search(r"workflow runs them on ([\d., and]+)\.", (ROOT / "README.md").read_text())
    assert tried is not None
    assert re.findall(r"3\.\d+", tried[1]) == matrix["python"]


def test_lint_runs_once() -> None:
    linting = [job for job in JOBS if any("lint" in targets(line) for line in commands(job))]
    assert linting == ["lint"]
    assert "strategy" not in JOBS["lint"]


def test_only_reading_is_permitted_and_every_job_ends() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 90 for job in JOBS.values())


def test_hooks_are_ours_and_their_programs_and_files_are_there() -> None:
    assert [one["repo"] for one in HOOKS] == ["local"]
    for hook in HOOKS[0]["hooks"]:
        assert hook["language"] == "system"
        program, *words = hook["entry"].split()
        assert shutil.which(ROOT / program), program
        files = [word for word in words if word.startswith("tests/")]
        assert [one for one in files if not (ROOT / one).exists()] == []


def test_every_target_says_that_it_is_no_file() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    named = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)
    assert set(named) == set(phony[1].split())

"""The ready-made schedules call the command that there is, and heed its exit codes."""

import os
import re
import subprocess
from configparser import ConfigParser

import pytest
import yaml

from coupling.base.failures import ExitCode
from coupling.base.inputs import SCHEDULE, file_hashes
from coupling.base.paths import Paths

COMMAND = ".venv/bin/coupling refresh"


@pytest.fixture
def cron(tmp_path):
    """Run the line of the crontab as cron does, with a command that does as it is told.

    Returns the exit code and what cron would mail.
    """
    text = (SCHEDULE / "crontab").read_text(encoding="utf-8")
    settings = dict(re.findall(r"^([A-Z]+)=(.*)$", text, re.MULTILINE))
    (line,) = re.findall(r"^\d.*$", text, re.MULTILINE)
    command = line.split(maxsplit=5)[5]
    assert "%" not in command  # cron would make a new line of it
    project = tmp_path / "user's checkout"
    fake = project / ".venv" / "bin" / "coupling"
    fake.parent.mkdir(parents=True)

    def run(code):
        fake.write_text(f'#!/bin/sh\necho "said $*"\nexit {code}\n')
        fake.chmod(0o755)
        run = subprocess.run(
            [settings["SHELL"], "-c", command],
            env={"PROJECT": str(project), "PATH": os.defpath},
            capture_output=True,
            text=True,
        )
        return run.returncode, run.stdout + run.stderr

    return run


def test_cron_is_quiet_about_a_run_without_fault(cron):
    assert cron(int(ExitCode.DONE)) == (0, "")


@pytest.mark.parametrize("code", [int(code) for code in ExitCode if code])
def test_cron_mails_what_a_failed_run_said(cron, code):
    assert cron(code) == (code, "said refresh --since-change\n")


def test_systemd_counts_another_refresh_at_work_as_no_failure():
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(SCHEDULE / "coupling-refresh.service", encoding="utf-8")
    assert unit["Service"]["SuccessExitStatus"] == str(int(ExitCode.BUSY))
    assert f"exec {COMMAND} --since-change" in unit["Service"]["ExecStart"]


def test_the_workflow_keeps_exit_codes_by_calling_no_make():
    text = (SCHEDULE / "github-actions.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["refresh"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        "make .venv/ready",
        COMMAND,
    ]


def test_a_schedule_is_no_input_of_a_build():
    assert not [name for name in file_hashes(Paths()) if "schedule" in name]

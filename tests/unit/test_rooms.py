"""Where notebooks run for a room: the same versions everywhere, and a hub that keeps nothing and reaches nothing."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.content import ROOT

VALUES = yaml.safe_load((ROOT / "setup/hub/values.yaml").read_text(encoding="utf-8"))


def faults(values: dict[str, Any]) -> list[str]:
    """Return what would let something stay on the hub, or leave it."""
    user, hub = values["singleuser"], values["hub"]
    rules = user["networkPolicy"]["egressAllowRules"]
    wanted = {
        "a disk for each person": user["storage"]["type"] == "none",
        "users in a file": hub["db"]["type"] == "sqlite-memory",
        "network policy off": user["networkPolicy"]["enabled"] is True,
        "ways out": not user["networkPolicy"]["egress"]
        and not any(rules[name] for name in ("nonPrivateIPs", "privateIPs", "cloudMetadataServer", "dnsPortsCloudMetadataServer")),
        "administrators look in": hub["config"]["JupyterHub"]["admin_access"] is False,
        "names of people": hub["config"]["Authenticator"]["username_pattern"] == "^seat-[0-9]{3}$",
        "servers run on": values["cull"]["enabled"] is True and values["cull"]["timeout"] <= 3600,
        "no limit of memory": bool(user["memory"]["limit"]),
    }  # fmt: skip
    return [name for name, holds in wanted.items() if not holds]


def test_the_example_of_a_hub_keeps_nothing_and_reaches_nothing() -> None:
    assert faults(VALUES) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("singleuser", "storage", "type"), "dynamic", "a disk for each person"),
        (("singleuser", "networkPolicy", "egressAllowRules", "nonPrivateIPs"), True, "ways out"),
        (("singleuser", "networkPolicy", "enabled"), False, "network policy off"),
        (("hub", "db", "type"), "sqlite-pvc", "users in a file"),
        (("hub", "config", "Authenticator", "username_pattern"), "", "names of people"),
    ],
)
def test_a_looser_hub_is_found(path: tuple[str, ...], value: object, fault: str) -> None:
    loose = copy.deepcopy(VALUES)
    place = loose
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert faults(loose) == [fault]


def test_binder_installs_what_the_project_installs_and_pins_nothing_itself() -> None:
    lines = (ROOT / ".binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == ["-r ../requirements.txt"]
    assert (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip() == "python-3.11"
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_the_start_script_of_binder_sets_the_way_and_runs_what_it_is_given(tmp_path: Path) -> None:
    code = "import json, os; print(json.dumps([os.environ['PYTHONPATH'], os.environ['JUPYTER_CONFIG_PATH']]))"
    said = subprocess.run(
        [ROOT / ".binder/start", "python3", "-c", code],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "REPO_DIR": str(ROOT)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert json.loads(said) == [str(ROOT), str(ROOT / "setup/lab")]


def test_notebooks_in_markdown_open_as_notebooks_and_the_server_asks_nobody_for_news() -> None:
    told = json.loads((ROOT / "setup/lab/labconfig/default_setting_overrides.json").read_text(encoding="utf-8"))
    documents = told["@jupyterlab/docmanager-extension:plugin"]
    assert documents["defaultViewers"] == {"markdown": "Jupytext Notebook"}
    # Else looking at a chapter writes its file anew after two minutes.
    assert documents["autosave"] is False
    assert told["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"

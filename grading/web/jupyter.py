"""Configure and start JupyterLab as a child that shows our pages behind its own port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grading.web.folders import write_private

EXTENSIONS = Path(__file__).parent / "labextension"
UNUSED_EXTENSIONS = ("nbgrader.server_extensions.formgrader", "jupyter_lsp", "jupyter_server_terminals")
PRIVATE_VARIABLES = ("HOCVU_STATE", "HOCVU_DATABASE_URL", "HOCVU_CONTENT", "JUPYTER_TOKEN", "PGPASSWORD")
SETTINGS: Mapping[str, object] = {
    "@jupyterlab/translation-extension:plugin": {"locale": "vi_VN"},
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": False,
        "fetchNews": "false",
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True, slots=True)
class Lab:
    """What JupyterLab is started with. `gate` is the header value that tells our pages who came through it."""

    folder: Path
    work: Path
    port: int
    pages_port: int
    token: str
    gate: str
    kernel_environment: Mapping[str, str]


def start_lab(lab: Lab, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Write the configuration and start JupyterLab in a session of its own; its output goes to `log`."""
    _write_configuration(lab)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--config={lab.folder / 'server.json'}"]
    return subprocess.Popen(
        command, cwd=lab.work, env=_environment(lab), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        start_new_session=True,
    )  # fmt: skip


def configuration(lab: Lab) -> dict[str, object]:
    """Return JupyterLab's configuration: local only, token on, our pages at /hocvu/, our extension."""
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": lab.port,
            "port_retries": 0,
            "allow_root": True,
            "root_dir": str(lab.work),
            "default_url": "/hocvu/",
            "jpserver_extensions": {"jupyterlab": True, "jupyter_server_proxy": True}
            | dict.fromkeys(UNUSED_EXTENSIONS, False),
            "terminals_enabled": False,
            "shutdown_no_activity_timeout": 0,
        },
        "IdentityProvider": {"token": lab.token},
        "LabApp": {
            "extra_labextensions_path": [str(EXTENSIONS)],
            "app_settings_dir": str(lab.folder / "settings"),
            "user_settings_dir": str(lab.folder / "user-settings"),
            "workspaces_dir": str(lab.folder / "workspaces"),
            "news_url": None,
        },
        "ServerProxy": {
            "servers": {
                "hocvu": {
                    "command": [],
                    "port": lab.pages_port,
                    "absolute_url": False,
                    "request_headers_override": {"X-Hocvu-Gate": lab.gate},
                    "launcher_entry": {"title": "Chuyên đề của tôi", "path_info": "hocvu/"},
                }
            }
        },
        "ContentsManager": {"hide_globs": [".*", "__pycache__", "hocvu.json", "*.answers.json"]},
    }


def _write_configuration(lab: Lab) -> None:
    write_private(lab.folder / "server.json", _json(configuration(lab)))
    write_private(lab.folder / "settings" / "overrides.json", _json(SETTINGS))
    disabled = {"disabledExtensions": {"@jupyter/nbgrader": True, "@jupyterlab/apputils-extension:announcements": True}}
    write_private(lab.folder / "config" / "labconfig" / "page_config.json", _json(disabled))


def _environment(lab: Lab) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in PRIVATE_VARIABLES}
    own = {
        "JUPYTER_CONFIG_DIR": str(lab.folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(lab.folder / "runtime"),
        "IPYTHONDIR": str(lab.folder / "ipython"),
        "PYTHONUTF8": "1",
    }
    return kept | own | dict(lab.kernel_environment)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()

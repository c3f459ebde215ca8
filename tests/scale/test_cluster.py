"""A cluster that is not there is said so at once, with what to do."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path

import pytest

from injerto.errors import ScaleError
from injerto.scale.cluster import joined
from injerto.scale.shared_files import require_shared
from injerto.table.ledger import Entry


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    wanted = r"needs Ray, which is not installed. Install it with: pip install 'injerto\[ray\]'"
    with pytest.raises(ScaleError, match=wanted), joined("ray"):
        pass


@pytest.mark.slow
def test_nobody_listens_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="needs the extra 'ray'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wanted = rf"The Ray cluster at 127.0.0.1:{port} cannot be reached: .*refused. Start one with 'ray start --head'"
    with pytest.raises(ScaleError, match=wanted), joined(f"ray://127.0.0.1:{port}"):
        pass
    (tmp_path / "ray").mkdir()
    (tmp_path / "ray" / "ray_current_cluster").write_text(f"127.0.0.1:{port}")
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    wanted = f"No Ray cluster runs on this machine: the one that was started last, 127.0.0.1:{port}, does not answer"
    with pytest.raises(ScaleError, match=wanted), joined("ray://auto"):
        pass
    monkeypatch.setenv("RAY_ADDRESS", f"127.0.0.1:{port}")
    with pytest.raises(ScaleError, match=r"\(the setting RAY_ADDRESS\) cannot be reached"), joined("ray"):
        pass


def test_a_file_that_only_workers_lack(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    lacking = Entry(3, "photo", "b.png", "no such file")
    require_shared([lacking, Entry(4, "photo", "a.png", "no permission to read")], tmp_path)
    with pytest.raises(ScaleError, match=r"A worker found no file '.*a.png', which is there .* under the same path"):
        require_shared([lacking, Entry(4, "photo", "a.png", "no such file: the folder x does not exist")], tmp_path)

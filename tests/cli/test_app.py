import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from injerto.cli import app as cli
from injerto.cli.app import app, run
from injerto.cli.exits import INTERRUPTED, SOME_ROWS_UNUSED, USAGE
from injerto.version import __version__

VERBS = [
    ["check"],
    ["clips"],
    ["train"],
    ["predict"],
    ["evaluate"],
    ["compare"],
    ["listen"],
    ["embeddings"],
    ["backbones"],
    ["backbones", "get"],
]


def said(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_version():
    assert said("--version") == (0, f"injerto {__version__}\n")


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_has_help_with_an_example_that_names_it(verb: list[str]):
    code, text = said(*verb, "--help")
    assert code == 0
    assert f"Example: injerto {' '.join(verb)}" in text


def test_no_arguments_show_what_there_is():
    _, text = said()
    assert "injerto check TABLE" in text


def test_a_mistyped_verb_gets_the_nearest():
    code, text = said("trian")
    assert code == USAGE
    assert "Did you mean 'train'?" in text


def test_a_mistyped_option_gets_the_nearest():
    code, text = said("train", "t.csv", "--out", "m", "--taget", "x")
    assert code == USAGE
    assert "--target" in text


def test_a_wrong_mode_names_the_right_ones():
    code, text = said("train", "t.csv", "--out", "m", "--target", "x", "--mode", "probing")
    assert code == USAGE
    assert all(mode in text for mode in ("probe", "finetune", "auto"))


def test_a_mistake_with_a_name_is_one_message_without_a_traceback(tmp_path):
    (tmp_path / "birds.csv").write_text("a,b\n1,2\n")
    command = [sys.executable, "-m", "injerto", "check", str(tmp_path / "brids.csv")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "Error: There is no table" in result.stderr
    assert "Did you mean 'birds.csv'?" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "birds.csv"], "Error: Interrupted.\n"),
        (
            ["train", "birds.csv", "--target", "x", "--out", "no/where"],
            "Error: Interrupted. Training goes on where it was when the same command is given again.\n",
        ),
        (
            ["listen", "no.model", "a.wav", "--out", "events.csv"],
            "Error: Interrupted. Listening goes on where it was when the same command is given again.\n",
        ),
    ],
)
def test_an_interrupt_is_said_and_has_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], message: str
):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["injerto", *words])
    monkeypatch.setattr("injerto.open_table", interrupted)
    monkeypatch.setattr("injerto.train", interrupted)
    monkeypatch.setattr("injerto.load", interrupted)
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == INTERRUPTED
    assert capsys.readouterr().err.endswith(message)


def test_help_that_leads_to_a_full_disk_is_a_sentence_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "argv", ["injerto", "--version"])
    monkeypatch.setattr("typer.echo", full)
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == 1
    assert "Error: There is no space left on the disk" in capsys.readouterr().err


@pytest.mark.parametrize("option", [[], ["--json"]], ids=["table", "json"])
def test_results_that_lead_to_a_full_disk_are_one_line_and_a_code(tmp_path: Path, option: list[str]):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "birds.csv").write_text("a,b\n1,2\n3,4\n")
    command = [sys.executable, "-m", "injerto", "check", str(tmp_path / "birds.csv"), *option]
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 1
    assert "The results cannot be written to standard output: No space left on device." in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


def test_ctrl_c_before_the_verbs_are_there_leaves_no_traceback():
    code = """
import sys

class Stop:
    def find_spec(self, name, *_):
        if name == "injerto.cli.app":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stop())
from injerto.__main__ import main
main()
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr) == (INTERRUPTED, "", "Error: Interrupted.\n")


def test_ctrl_c_where_typer_does_not_look(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("injerto.cli.app.app", Mock(side_effect=KeyboardInterrupt))
    monkeypatch.setattr(sys, "argv", ["injerto", "check", "t.csv"])
    with pytest.raises(SystemExit) as stop:
        run()
    assert stop.value.code == INTERRUPTED
    assert capsys.readouterr().err == "Error: Interrupted.\n"


@pytest.mark.parametrize(
    ("given", "several"),
    [
        ({}, False),
        ({"WORLD_SIZE": "2"}, False),
        ({"TORCHELASTIC_RUN_ID": "a", "WORLD_SIZE": "1"}, False),
        ({"TORCHELASTIC_RUN_ID": "a", "WORLD_SIZE": "2"}, True),
    ],
)
def test_only_torchrun_starts_several_processes(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], several: bool) -> None:
    """Other launchers set WORLD_SIZE, too."""
    for name in ("TORCHELASTIC_RUN_ID", "WORLD_SIZE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert cli.launched() is several


def test_rows_that_could_not_be_used_are_no_failure_of_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(cli, "run", lambda: sys.exit(SOME_ROWS_UNUSED))
    monkeypatch.setattr(os, "_exit", codes.append)
    for several in (False, True):
        monkeypatch.setattr(cli, "launched", lambda several=several: several)
        cli.main()
    assert codes == [SOME_ROWS_UNUSED, 0]

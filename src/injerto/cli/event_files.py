"""The files that `injerto listen` writes: where they go, in which format, and whether they may."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from injerto.cli.output import new_file, new_folder
from injerto.errors import OutputError

if TYPE_CHECKING:  # events bring torch along, and a verb's --help has no use for it
    from injerto.listening.found import Format

_SUFFIXES: dict[Format, tuple[str, ...]] = {"csv": (".csv",), "raven": (".txt", ".tsv"), "audacity": ()}


class EventFiles:
    """The events at `out`, what could not be used beside them, and shares and a page where they are asked for.

    *Raises* OutputError when the ending of `out` means no format, and none is given.
    """

    def __init__(self, out: Path, format: Format | None, *, scores: Path | None, page: Path | None) -> None:
        self.out, self.scores, self.page = out, scores, page
        self.format: Format = format or _told(out)
        self.problems = out.with_name(f"{out.stem}.problems.csv")
        whole = out.resolve()
        self.work = whole.with_name(f".{whole.name}.unfinished")
        """The folder of the journal."""
        self._claims = self.work / "claims.txt"

    def require_places(self, *, force: bool) -> None:
        """*Raises* OutputError, before the work, when any of the files cannot be written.

        What an earlier run of the same command was writing when it was stopped may be replaced.
        """
        try:
            own = self._claims.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            own = []
        if self.format == "audacity":
            forced = "write into it, where tracks of the same name are replaced"
            new_folder(self.out, force=force or str(self.out.resolve()) in own, forced=forced)
        endings = _SUFFIXES[self.format] if not self.out.suffix else (self.out.suffix.lower(),)
        suffixes = {self.out: endings, self.problems: (".csv",), self.scores: (".parquet",), self.page: (".html",)}
        for path, allowed in suffixes.items():
            if path is not None and not (path == self.out and self.format == "audacity"):
                new_file(path, suffixes=allowed, force=force or str(path.resolve()) in own)

    def claim(self) -> None:
        """Write down which files are about to be written."""
        paths = [path for path in (self.out, self.problems, self.scores, self.page) if path is not None]
        lines = "\n".join(str(path.resolve()) for path in paths)
        self._claims.write_text(lines, encoding="utf-8", errors="surrogateescape")


def _told(out: Path) -> Format:
    """The format that a name means. *Raises* OutputError when it means none."""
    ending = out.suffix.lower()
    if ending == "" or out.is_dir():
        return "audacity"
    if ending in _SUFFIXES["raven"]:
        return "raven"
    if ending in _SUFFIXES["csv"]:
        return "csv"
    raise OutputError(
        f"'{out}' ends in '{out.suffix}'; the format is chosen by it. Use .csv, .txt for Raven, or a name without an ending "
        "for a folder of Audacity's label tracks; or say which with --format."
    )

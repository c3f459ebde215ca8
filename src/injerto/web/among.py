"""The table in which models look for rows like one: encoded before the server answers, so that no request names or opens it."""

from __future__ import annotations

from collections.abc import Mapping

from injerto.backbones.cache import VectorCache
from injerto.errors import ColumnError, ServeError, TableError
from injerto.explain.among import Among
from injerto.network import Network
from injerto.progress import Progress
from injerto.table.table import Table
from injerto.web.served import Served


def among_of(shelf: Mapping[str, Served], table: Table, progress: Progress) -> dict[str, Among]:
    """The rows of `table` as each model sees them that can; `progress` hears which can, and which rows are of no use to it.

    *Raises* ServeError when no model can show any of its rows.
    """
    found: dict[str, Among] = {}
    reasons: dict[str, str] = {}
    with VectorCache() as cache:
        for name, served in shelf.items():
            try:
                found[name] = _encoded(served, table, cache, progress)
            except (ColumnError, TableError, ServeError) as slip:
                reasons[name] = str(slip).replace("\n", "\n    ")
    if not found:
        raise ServeError(
            f"No row of '{table.name}' can be shown:"
            + "".join(f"\n  - {name}: {reason}" for name, reason in reasons.items())
            + "\nName the table that taught the model, or another with its columns, or start without --among."
        )
    for name, reason in reasons.items():
        progress.say(f"{name} shows no rows of '{table.name}': {reason}")
    return found


def _encoded(served: Served, table: Table, cache: VectorCache, progress: Progress) -> Among:
    """*Raises* ColumnError when the table lacks columns, TableError when they hold something else than the model reads, and
    ServeError when it shows no rows or can use none of these.
    """
    if served.recipe is not None or not isinstance(served.artifact.network, Network):
        raise ServeError("only models that answer from vectors and table columns look for rows like one in a table.")
    found = Among.of(served.artifact, table, cache=cache, progress=progress)
    for line in found.ledger.lines(whole_list=f"'injerto predict {served.name} TABLE' lists them all"):
        progress.say(line)
    count = len(found.places)
    if not count:
        raise ServeError(f"none of its {len(table):,} rows can be used.")
    lacking = [name for name in served.heads if name not in table.columns]
    without = f", without {', '.join(lacking)}, which it does not have" if lacking else ""
    progress.say(f"{served.name} shows rows like one from {count:,} of the {len(table):,} rows of '{table.name}'{without}.")
    return found

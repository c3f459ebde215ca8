"""What was heard in recordings and what could not be used, told to the person at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from injerto.cli.console import grid, say
from injerto.schema.guess import counted

if TYPE_CHECKING:  # events bring torch along, and a verb's --help has no use for it
    from injerto.listening.found import Events

_SHOWN = 20


def show_events(found: Events) -> None:
    """How often each class was heard, and what was passed over on the way."""
    tally = found.tally
    rows = [[label, f"{count:,}", f"{tally.within[label]:,}"] for label, count in tally.labels.most_common()]
    if rows:
        grid("heard", "events", "in recordings", rows=rows)
    passed = sum(tally.others.values())
    if passed:
        endings = ", ".join(f"{count:,} {ending or 'without an ending'}" for ending, count in tally.others.most_common(5))
        say(f"Passed over, being no sounds: {counted(passed, 'file')} ({endings}).")
    if tally.hidden:
        say(f"Passed over, being hidden: {tally.hidden:,}.")


def list_unheard(found: Events, problems: Path) -> None:
    """The first recordings that could not be used, and how often each reason occurs."""
    count = found.tally.unused
    if not count:
        return
    say(f"{counted(count, 'recording')} of {count + found.tally.recordings:,} could not be used; {problems} lists them:")
    for shown, heard in enumerate(heard for heard in found if heard.problem):
        if shown == _SHOWN:
            break
        say(f"  {heard.recording}: {heard.problem}")
    if count > _SHOWN:
        say(f"  and {count - _SHOWN:,} more. By reason:")
        for reason, times in found.tally.reasons.most_common(_SHOWN):
            say(f"  {times:,} x {reason}")

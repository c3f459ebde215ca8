"""Are weaknesses known of the packages that are pinned? pip-audit asks PyPI's advisories, and where those are silent, OSV's.

pip-audit alone calls a package fine of which it was told nothing. Here that is an answer of its own: the exit code is 0 when
every package was asked about and none has a known weakness, 1 when one has, 3 when none is known but not all could be asked
about; with --may-be-offline this is 0 too, after the same words, so that tests need no network and no service that is up.

Run: python release/audit.py constraints.txt
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

FINE, WEAK, UNASKED = 0, 1, 3
SERVICES = ("pypi", "osv")
_SECONDS = 120


@dataclass
class Audit:
    """What a service said: packages with known weaknesses, each with a line; packages that it said nothing of."""

    service: str
    asked: int = 0
    weak: dict[str, str] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    silence: str = ""
    """Why there was no answer at all."""

    @property
    def code(self) -> int:
        """For the caller of the program."""
        return WEAK if self.weak else UNASKED if self.unasked or self.silence or not self.asked else FINE

    def lines(self) -> list[str]:
        """For people."""
        if self.silence:
            return [f"AUDIT NOT DONE: the advisories of {self.service} cannot be reached ({self.silence})."]
        said = [f"{name}: {what}" for name, what in self.weak.items()]
        if self.unasked:
            names = ", ".join(self.unasked[:5]) + (", ..." if len(self.unasked) > 5 else "")
            said.append(f"AUDIT NOT DONE of {len(self.unasked)} packages: {self.service} knows nothing of {names}")
        told = f"{self.asked} packages asked about at {self.service}: {len(self.weak)} with a known weakness"
        return [*said, told + (". Raise their pins in constraints.txt." if self.weak else ".")]


def read(service: str, report: str, said: str) -> Audit:
    """An audit from what pip-audit wrote: a JSON report, or words about why there is none."""
    audit = Audit(service)
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        audit.silence = said.strip().rsplit("\n", 1)[-1][:100] or "no report"
        return audit
    for package in packages:
        if "skip_reason" in package:
            audit.unasked.append(package["name"])
            continue
        audit.asked += 1
        known = {one["id"]: one.get("fix_versions", []) for one in package["vulns"]}
        if known:
            told = (f"{name} (fixed in {', '.join(fixed) or 'no version'})" for name, fixed in known.items())
            audit.weak[f"{package['name']} {package['version']}"] = "; ".join(told)
    return audit


def ask(service: str, pins: str, more: Sequence[str] = ()) -> Audit:
    """Have pip-audit ask a service about a file of pins, which stand for themselves: nothing is resolved or installed."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", pins, "--no-deps", "--disable-pip", "--format", "json"]
    command += ["--vulnerability-service", service, "--progress-spinner", "off", "--desc", "off", "--timeout", "10", *more]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Audit(service, silence=f"no answer within {_SECONDS} s")
    return read(service, run.stdout, run.stderr)


def main(given: Sequence[str]) -> int:
    """Ask the services in turn, until one knows of every package or of a weakness; print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pins", help="a file of lines NAME==VERSION")
    parser.add_argument("--may-be-offline", action="store_true", help="what could not be asked about is no failure")
    parser.add_argument("--osv-url", help="an OSV service of your own, the only one that is asked")
    options = parser.parse_args(given)
    more = ("--osv-url", options.osv_url) if options.osv_url else ()
    code = UNASKED
    for service in ("osv",) if options.osv_url else SERVICES:
        audit = ask(service, options.pins, more)
        print(*audit.lines(), sep="\n", flush=True)
        code = audit.code
        if code != UNASKED:
            break
    return FINE if code == UNASKED and options.may_be_offline else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

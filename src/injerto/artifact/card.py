"""The model's card: what it is for, what it learned from, how good it is, what it must not be trusted with."""

from __future__ import annotations

from typing import Any

from injerto.artifact.account import account_words, reasons_of
from injerto.artifact.artifact import Artifact
from injerto.backbones import catalogue
from injerto.backbones.suited import backbone_names
from injerto.individual_network import IndividualNetwork
from injerto.metrics.meanings import MEANINGS
from injerto.metrics.verdict import verdicts


def card(artifact: Artifact) -> str:
    """The card as Markdown."""
    sections = [
        _title(artifact),
        _data(artifact),
        _scores(artifact),
        _training(artifact),
        _licences(artifact),
        _citation(artifact),
    ]
    return "\n".join(sections)


def _title(artifact: Artifact) -> str:
    targets = ", ".join(f"`{name}` ({target.kind})" for name, target in artifact.schema.targets.items())
    inputs = "\n".join(f"| `{name}` | {item.kind} | {_cell(item.reason)} |" for name, item in artifact.schema.inputs.items())
    dropped = "".join(f"| `{name}` | left out | {_cell(reason)} |\n" for name, reason in artifact.schema.dropped.items())
    return f"# Model card\n\nPredicts {targets}.\n\n| column | taken for | why |\n|---|---|---|\n{inputs}\n{dropped}"


def _data(artifact: Artifact) -> str:
    rows, facts, used = artifact.rows, artifact.facts, artifact.used
    lines = [
        f"\n## Data\n\nTable `{facts.get('table', '')}`, {facts.get('rows', 0):,} rows: "
        f"{used['train']:,} trained, {used['tune']:,} tuned, {used['test']:,} tested. {rows.reason}",
    ]
    if "account" in facts:
        lines.append(f"\n{account_words(facts['account'])}")
    if reasons := reasons_of(artifact):
        lines.append("\n`ledger.csv` lists every row that was not used:\n")
        lines += [f"- {count} x {reason}" for reason, count in reasons.most_common(10)]
    return "\n".join(lines)


def _scores(artifact: Artifact) -> str:
    lines = ["\n## Scores\n"]
    names = {
        "folds": "rows that do not test, each answered by a model that never saw it",
        "test": "rows kept apart, never used in training or choosing",
        "tune": "rows that chose and calibrated: too kind",
    }
    for part, targets in artifact.scores.items():
        lines.append(f"On the {part} rows ({names[part]}):\n")
        lines.append("| target | figure | value | 95 % interval | baseline |\n|---|---|---|---|---|")
        lines += [row for name, score in targets.items() for row in _figures(name, score)]
        lines.append("")
        lines += [line for name, score in targets.items() for line in _rivals(name, artifact.schema.targets[name].kind, score)]
    lines += [" ".join(artifact.facts["rivals"]) + "\n"] if artifact.facts.get("rivals") else []
    return "\n".join([*lines, *_decision(artifact)])


def _figures(name: str, score: dict[str, Any]) -> list[str]:
    rows = []
    for figure, value in score.items():
        if not isinstance(value, float) or figure not in MEANINGS:
            continue
        low, high = score["intervals"].get(figure, (None, None))
        spread = f"{low:.3f} to {high:.3f}" if low is not None else ""
        baseline = score["baseline"].get(figure)
        rows.append(f"| `{name}` | {figure} | {value:.4f} | {spread} | {'' if baseline is None else f'{baseline:.4f}'} |")
    return rows


def _rivals(name: str, kind: str, score: dict[str, Any]) -> list[str]:
    """A sentence for each other way to answer that was measured on the same rows, and for each that is as good."""
    shown = {
        rival: ", ".join(f"{figure} {value:.4f}" for figure, value in figures.items())
        for rival, figures in score.get("rivals", {}).items()
    }
    told = [f"On the same rows, `{name}` by a {rival}: {figures}.\n" for rival, figures in shown.items()]
    return told + [f"`{name}`: {sentence}\n" for sentence in verdicts(kind, score)]


def _decision(artifact: Artifact) -> list[str]:
    """Of individuals: when a name, "new", or nothing is said; and that there are pictures in the folder."""
    network = artifact.network
    if not isinstance(network, IndividualNetwork):
        return []
    gallery = network.head.gallery
    known = f"{len(gallery.individuals):,} individuals from {len(gallery):,} photos, with small pictures of them"
    return [f"{network.head.decision.words}\n", f"When it was trained the gallery held {known}.\n"]


def _training(artifact: Artifact) -> str:
    lines = [f"## Training\n\nSeed {artifact.schema.training.seed}. Kept: **{artifact.chosen}**.\n"]
    for history in artifact.histories:
        loss, count = history.epochs[history.best].tune_loss, len(history.epochs)
        lines.append(
            f"- {history.name}: tune loss {loss:.4f}, {count} epoch(s), {history.seconds:.1f} s, ended: {history.stopped}"
        )
    multipliers = ", ".join(f"{name} {value:g}" for name, value in artifact.schema.training.multipliers.items())
    return "\n".join([*lines, f"\nLearning-rate multipliers: {multipliers}.\n"])


def _licences(artifact: Artifact) -> str:
    lines = ["## Weights from elsewhere\n"]
    entries = [catalogue.entry(name) for name in backbone_names(artifact.network.features)]
    lines += [f"- {entry.name}: {entry.licence}. {entry.citation}" for entry in entries]
    return "\n".join(lines if entries else [*lines, "None: every weight was learned from this table."]) + "\n"


def _citation(artifact: Artifact) -> str:
    made_by = f"Injerto {artifact.facts.get('injerto', '')}".strip()
    return (
        f"## How to cite\n\nTrained with {made_by}. Cite the source of your data, the networks above, and Injerto "
        "(see CITATION.cff in its repository).\n\n## Limits\n\nThe scores hold for rows like those of the split above. "
        "A place, season, device or animal that the table does not show may be answered worse, and just as surely.\n"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

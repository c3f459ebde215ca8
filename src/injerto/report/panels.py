"""The pictures of each kind of target, with their captions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from injerto.heads.circles import COVERAGE
from injerto.report.calibration import calibration_caption, calibration_table
from injerto.report.cells import cell_anchors
from injerto.report.circles import circles_picture
from injerto.report.confidence import confidence_picture
from injerto.report.individuals import newness_picture, rejection_picture, said_table
from injerto.report.language import say
from injerto.report.notes import note_text
from injerto.report.squares import reliability_picture, scatter_picture
from injerto.report.tables import confusion_table, labels_table, points_table


@dataclass(frozen=True)
class Panel:
    """One picture: its title, the picture, and how to read it."""

    title: str
    picture: Markup
    caption: str
    wide: bool = False


def class_panels(evidence: dict[str, Any]) -> list[Panel]:
    """Confusions and reliability."""
    return [
        Panel(
            say("What is taken for what"),
            confusion_table(evidence["classes"], evidence["confusion"], cell_anchors(evidence)),
            say(
                "Each line holds the rows of one true class; the diagonal is right. Point at a cell for its numbers; an "
                "underlined number leads to its rows."
            ),
            wide=True,
        ),
        *_confidence(evidence),
        *_reliability(evidence),
    ]


def _confidence(evidence: dict[str, Any]) -> list[Panel]:
    if not evidence.get("confidence"):
        return []
    caption = say("Where wrong answers stand at the right, being sure means little.")
    return [Panel(say("How sure it was when right, and when wrong"), confidence_picture(evidence["confidence"]), caption)]


def classes_panels(evidence: dict[str, Any]) -> list[Panel]:
    """Each label, and reliability."""
    caption = say("Found: rows with the label whose answer has it too. Invented: rows without it whose answer has it.")
    return [Panel(say("Label by label"), labels_table(evidence["each"]), caption, wide=True), *_reliability(evidence)]


def number_panels(evidence: dict[str, Any]) -> list[Panel]:
    """True values against answers."""
    caption = say("Each dot is a row. On the dashed line the answer is the true value.")
    return [Panel(say("Answers and true values"), scatter_picture(evidence["points"]), caption)]


def keypoints_panels(evidence: dict[str, Any]) -> list[Panel]:
    """Each point, and whether circles hold what they promise."""
    caption = say(
        "Rows are those that know the point. Within 5 % and 10 %: the share of answers no farther off than that share of the "
        "length of reference. In circle: the share of true places inside the circle that was answered."
    )
    panels = [Panel(say("Point by point"), points_table(evidence["each"]), caption, wide=True)]
    if evidence["circles"]:
        panels.append(
            Panel(
                say("Are its circles honest?"),
                circles_picture(evidence["circles"]),
                say(
                    "Answers gathered by the size of their circle, the surest first. The wide bar is the radius, the narrow "
                    "one how far off the answers are on average: they should grow together. At the right, the share of true "
                    "places inside the circle: about {share:.0%} in every line where circles are honest.",
                    share=COVERAGE,
                ),
            )
        )
    return panels


def individual_panels(evidence: dict[str, Any]) -> list[Panel]:
    """What is said, errors among the surest, chances of being new, and reliability."""
    panels = [
        Panel(
            say("What it says, and of whom"),
            said_table(evidence["said"]),
            f"{say('These are the rows scored here.')} {note_text(evidence['words'])}",
            wide=True,
        ),
        Panel(
            say("If only the surest are answered"),
            rejection_picture(evidence["rejection"]),
            say(
                'Rows in the order of how sure the answer is, a name or "new". Wrong is a name that is not the animal\'s, any '
                'name of a new animal, and "new" of a known one.'
            ),
        ),
    ]
    if evidence["newness"]:
        panels.append(
            Panel(
                say("Are new ones told from known ones?"),
                newness_picture(evidence["newness"], evidence["limits"]),
                say(
                    "Shares of the known rows and of the new rows, each by itself, by the chance of being new. Left of the "
                    'dashed line "name" a name may be said, right of "new" it is called new; between them it says '
                    "that it cannot tell."
                ),
            )
        )
    if evidence.get("reliability_new"):
        rings = evidence.get("reliability_new_before", [])
        panels.append(
            Panel(
                say("Is the chance of being new honest?"),
                reliability_picture(evidence["reliability_new"], rings),
                " ".join(
                    [
                        say(
                            "Rows gathered by the chance of being new; known and new rows count half each, as that chance "
                            "takes for granted."
                        ),
                        *([say("Rings are the same rows before calibration.")] if rings else []),
                    ]
                ),
            )
        )
    return [*panels, *_reliability(evidence)]


PANELS: dict[str, Callable[[dict[str, Any]], list[Panel]]] = {
    "class": class_panels,
    "classes": classes_panels,
    "number": number_panels,
    "keypoints": keypoints_panels,
    "individual": individual_panels,
}


def _reliability(evidence: dict[str, Any]) -> list[Panel]:
    """The picture and, where there is a calibration to compare, its figures before and after."""
    before, of = evidence.get("reliability_before", []), evidence["reliability_of"]
    caption = [
        say("Rows gathered by the probability of {answer}.", answer=note_text(of))
        if of
        else say("Rows gathered by the probability of the likeliest class."),
        say("On the dashed line things happen as often as the model says; below it the model is too sure."),
    ]
    caption += [say("Rings are the same rows before calibration.")] if before else []
    panels = [
        Panel(
            say("Are its probabilities honest?"),
            reliability_picture(evidence["reliability"], before),
            " ".join(caption),
        )
    ]
    if found := evidence.get("calibration"):
        panels.append(Panel(say("What calibration changed"), calibration_table(found), calibration_caption(found)))
    return panels

"""Plans: how long a run may go, by the size of its table and by what the user says."""

from injerto.learning.plan import LEAST_STEPS, LOOSE_BODY, PATIENT_STEPS, finetune_plan, individuals_plan, network_plan
from injerto.schema.infer_individual import MULTIPLIERS
from injerto.schema.schema import Training


def test_few_rows_are_given_steps_enough() -> None:
    """80 rows in batches of 32 are three steps an epoch."""
    plan = network_plan(Training(), 80, None)
    assert plan.batch_rows == 32
    assert plan.epochs * 3 >= LEAST_STEPS
    assert plan.patience * 3 >= PATIENT_STEPS


def test_many_rows_are_passed_over_a_few_times() -> None:
    plan = network_plan(Training(), 200_000, None)
    assert (plan.epochs, plan.patience, plan.batch_rows) == (15, 3, 1024)


def test_what_the_user_says_counts() -> None:
    wishes = Training(epochs=7, patience=60, batch_rows=8, learning_rate=0.1)
    for plan in (network_plan(wishes, 80, None), finetune_plan(wishes, 80, None)):
        assert (plan.epochs, plan.patience, plan.batch_rows, plan.learning_rate) == (7, 60, 8, 0.1)


def test_from_nothing_few_rows_are_passed_over_often() -> None:
    """64 rows in batches of 32 are two steps an epoch; the last epochs, at small rates, are the best ones."""
    assert finetune_plan(Training(), 64, None).epochs == 10
    few, some, many = (finetune_plan(Training(), rows, None, from_nothing=True) for rows in (64, 2000, 6400))
    assert (few.epochs, few.patience) == (LEAST_STEPS // 2, LEAST_STEPS // 2)
    assert some.epochs == 64  # of 63 steps each: 4,032
    assert (many.epochs, many.patience) == (30, 30)


def test_individuals_learn_at_rates_that_suit_their_marks_unless_the_user_chose_some() -> None:
    """What the draft of a schema writes down was not chosen by anybody."""
    drafted = Training(multipliers=MULTIPLIERS)
    for training in (Training(), drafted):
        assert individuals_plan(training, 500, None).multipliers == MULTIPLIERS
        assert individuals_plan(training, 500, None, loose=True).multipliers == {**MULTIPLIERS, "body": LOOSE_BODY}
    chosen = {**MULTIPLIERS, "body": 0.3}
    assert individuals_plan(Training(multipliers=chosen), 500, None, loose=True).multipliers == chosen

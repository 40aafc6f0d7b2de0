"""Mistakes in looks_ahead."""

import torch

from reference.bidirectional import looks_ahead
from reference.catalogue import mistake


def _differences(model, inputs, changed_at):
    """Return |difference| of all outputs, (changes, steps, batch, outputs)."""
    outputs, found = model(inputs), []
    for t in range(len(inputs)):
        changed = inputs.clone()
        changed_at(changed, t)
        found.append((model(changed) - outputs).abs())
    return torch.stack(found)


def _own(differences):
    """Return the difference of output t at change t, (steps, ...)."""
    steps = range(len(differences))
    return torch.stack([differences[t, t] for t in steps])


def _later(changed, t):
    """Change everything after t."""
    changed[t + 1 :] += 0.5


def _any(differences):
    return (differences > 0).flatten(1).any(dim=1)


@mistake(
    "looks_ahead",
    "You change the next step alone; a model may look further ahead, so "
    "change everything after t.",
)
def next_step_alone(model, inputs):
    """Change one step."""

    def change(changed, t):
        changed[t + 1 : t + 2] += 0.5

    return _any(_own(_differences(model, inputs, change)))


@mistake(
    "looks_ahead",
    "You change the last step alone; a model may look at a nearer one, so "
    "change everything after t.",
)
def last_step_alone(model, inputs):
    """Change the end of the sequence."""

    def change(changed, t):
        if t + 1 < len(changed):
            changed[-1] += 0.5

    return _any(_own(_differences(model, inputs, change)))


@mistake(
    "looks_ahead",
    "You change the input at t as well; every model may read that. Begin "
    "with t + 1.",
)
def own_step_changed(model, inputs):
    """Change from t on."""

    def change(changed, t):
        changed[t:] += 0.5

    return _any(_own(_differences(model, inputs, change)))


@mistake(
    "looks_ahead",
    "You change what lies before t; that is the past, which a model may "
    "read. Change what comes after t.",
)
def past_changed(model, inputs):
    """Change the other side."""

    def change(changed, t):
        changed[:t] += 0.5

    return _any(_own(_differences(model, inputs, change)))


@mistake(
    "looks_ahead",
    "You compare all outputs; later ones may change. Compare the output at t "
    "alone.",
)
def all_outputs_compared(model, inputs):
    """Compare everything."""
    return _any(_differences(model, inputs, _later))


@mistake(
    "looks_ahead",
    "You compare with a tolerance, which lets a faint look ahead pass; what "
    "does not depend is the same to the last bit.",
)
def with_a_tolerance(model, inputs):
    """Compare as torch.allclose does."""
    own = _own(_differences(model, inputs, _later))
    return (own > 1e-8).flatten(1).any(dim=1)


@mistake(
    "looks_ahead",
    "You differentiate the plain sum of the outputs; outputs that add up to "
    "0 have no gradient. Look at each output, or weigh them.",
)
def gradient_of_the_sum(model, inputs):
    """Differentiate the sum of the outputs at t."""
    leaf = inputs.clone().requires_grad_()
    outputs, found = model(leaf), []
    for t in range(len(leaf)):
        (slope,) = torch.autograd.grad(
            outputs[t].sum(), leaf, retain_graph=True
        )
        found.append((slope[t + 1 :] != 0).any())
    return torch.stack(found)


@mistake(
    "looks_ahead",
    "You look at the first sequence alone; a model may look ahead in another.",
)
def first_sequence_alone(model, inputs):
    """Compare one row."""
    own = _own(_differences(model, inputs, _later))
    return _any(own[:, 0])


@mistake(
    "looks_ahead",
    "Your answer is turned round: True means that the model looks ahead.",
)
def turned_round(model, inputs):
    """Answer whether it is honest."""
    return ~looks_ahead(model, inputs)


@mistake(
    "looks_ahead",
    "You give one answer for the whole sequence; give one for each step.",
)
def one_answer(model, inputs):
    """Answer once."""
    return looks_ahead(model, inputs).any()


@mistake(
    "looks_ahead",
    "You leave the last step out; nothing comes after it, so its answer is "
    "False.",
)
def last_step_left_out(model, inputs):
    """Answer for all but the last."""
    return looks_ahead(model, inputs)[:-1]


@mistake(
    "looks_ahead",
    "You call a step one that looks ahead only if every sequence and every "
    "output changes; one number is enough.",
)
def every_number_must_change(model, inputs):
    """Write all for any."""
    own = _own(_differences(model, inputs, _later))
    return (own > 0).flatten(1).all(dim=1)

"""Linear recurrences in parallel, and any task as text to text."""

import torch

from rnnlab.layout import gate_slices
from rnnlab.recurrence import MIN_GRU_GATES


def combine(earlier, later):
    """Return one step that does what two steps do one after the other.

    A step h -> gate * h + value is a pair of tensors. Composing such steps
    is associative, so a scan may group them as it likes.

    Equations:
        eq-combine

    Args:
        earlier: Gate and value of the step that comes first.
        later: Gate and value of the other one.

    Shapes:
        each gate and value: any shape, the same for all

    Returns:
        tuple: gate and value of both steps together.
    """
    earlier_gate, earlier_value = earlier
    later_gate, later_value = later
    return (  # eq-combine
        later_gate * earlier_gate,
        later_gate * earlier_value + later_value,
    )


def parallel_scan(gates, values, initial_state, combine):
    """Return all states of a linear recurrence in ceil(log2 T) rounds.

    In the round with a given offset, each step's pair is combined with the
    pair that lies offset steps before it; afterwards it stands for twice as
    many steps. One call of combine makes a round.

    Equations:
        eq-scan-round, eq-scan-state

    Args:
        gates: What each state is multiplied by.
        values: What is added at each step.
        initial_state: The state before the first step.
        combine: Makes one step of two, on tensors of any shape.

    Shapes:
        gates, values: (seq_len, batch, hidden_size)
        initial_state: (batch, hidden_size)

    Returns:
        Tensor: the state after each step, (seq_len, batch, hidden_size).

    Source:
        Hillis and Steele 1986.
    """
    offset = 1
    while offset < len(gates):
        gate, value = combine(  # eq-scan-round
            (gates[:-offset], values[:-offset]),
            (gates[offset:], values[offset:]),
        )
        gates = torch.cat([gates[:offset], gate])
        values = torch.cat([values[:offset], value])
        offset *= 2
    return gates * initial_state + values  # eq-scan-state


def linear_recurrence_gradient(gates):
    """Return the gradient of the last state by each step's value.

    Equations:
        eq-gate-product

    Args:
        gates: What each state is multiplied by.

    Shapes:
        gates, returns: (seq_len, batch, hidden_size)

    Returns:
        Tensor: entry s is the product of the gates after s; the last is 1.
    """
    later = torch.cat([gates[1:], torch.ones_like(gates[:1])])
    return later.flip(0).cumprod(0).flip(0)  # eq-gate-product


def min_gru(inputs, initial_state, weight_ih, bias_ih, scan):
    """Return the hidden states of a minimal GRU.

    Gate and candidate see the input alone, so they are computed for all
    steps at once, and what is left is a linear recurrence.

    Equations:
        eq-min-gru-gate, eq-min-gru-candidate, eq-min-gru-hidden-state

    Args:
        inputs: What it reads.
        initial_state: The hidden state before the first step.
        weight_ih: Blocks in the order MIN_GRU_GATES.
        bias_ih: Same order.
        scan: Computes the states of a linear recurrence from gates, values
            and the initial state.

    Shapes:
        inputs:        (seq_len, batch, input_size)
        initial_state: (batch, hidden_size)
        weight_ih:     (2 * hidden_size, input_size)
        bias_ih:       (2 * hidden_size,)

    Returns:
        Tensor: hidden states, (seq_len, batch, hidden_size).

    Source:
        Feng et al. 2024. Departs from it in a letter: here an update gate
        of 1 keeps the state, as in torch.nn.GRU.
    """
    block = gate_slices(initial_state.shape[1], MIN_GRU_GATES)
    sums = inputs @ weight_ih.T + bias_ih
    update_gates = torch.sigmoid(sums[..., block["update"]])  # eq-min-gru-gate
    candidates = sums[..., block["new"]]  # eq-min-gru-candidate
    return scan(  # eq-min-gru-hidden-state
        update_gates, (1 - update_gates) * candidates, initial_state
    )


def log_space_scan(log_gates, log_values, log_initial_state):
    """Return the logarithms of the states of a positive linear recurrence.

    Equations:
        eq-log-scan

    Args:
        log_gates: Logarithms of the gates.
        log_values: Logarithms of what is added.
        log_initial_state: Logarithm of the state before the first step.

    Shapes:
        log_gates, log_values: (seq_len, batch, hidden_size)
        log_initial_state:     (batch, hidden_size)

    Returns:
        Tensor: (seq_len, batch, hidden_size).

    Source:
        Heinsen 2023, as used by Feng et al. 2024.
    """
    log_products = log_gates.cumsum(0)
    terms = torch.cat([log_initial_state[None], log_values - log_products])
    return log_products + terms.logcumsumexp(0)[1:]  # eq-log-scan


def as_text_to_text(task, fields, target, labels=()):
    """Return an example of any task as an input text and a target text.

    Equations:
        eq-text-to-text

    Args:
        task: Name of the task.
        fields: What the example gives, name to text.
        target: A text, a float, a whole number, or an index into labels.
        labels: The names of the classes, where there are classes.

    Returns:
        tuple: input text and target text.

    Source:
        Raffel et al. 2020: names of task and fields in front, labels as
        words, scores rounded to fifths and written out.
    """
    named = [f"{name}: {text}" for name, text in fields.items()]
    if labels:
        written = labels[target]
    elif isinstance(target, float):
        written = f"{round(5 * target) / 5:.1f}"
    else:
        written = str(target)
    return " ".join([task, *named]), written  # eq-text-to-text

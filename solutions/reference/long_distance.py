"""Chapter 2: truncated gradients, recall by lag, agreement by attractors."""

import torch


def truncated_bptt(
    layer, inputs, initial_state, loss_fn, *, truncation_length
):
    """Go through a sequence chunk by chunk and back through each chunk alone.

    The state that a chunk begins with has the value that the chunk before
    it ended with, and is a constant for the gradient.

    Equations:
        eq-truncated-state, eq-truncated-gradient

    Args:
        layer: torch.nn.RNN, GRU or LSTM; the gradients are added to those
            of its parameters.
        inputs: What it reads.
        initial_state: Its state before the first step: a tensor, or for the
            LSTM a pair of tensors.
        loss_fn: Maps the hidden states of a chunk and the index of its first
            step to the sum of the losses of its steps.
        truncation_length: Steps in a chunk; the last may be shorter.

    Shapes:
        inputs:        (seq_len, batch, input_size)
        initial_state: (1, batch, hidden_size), twice for the LSTM
        hidden_states: (seq_len, batch, hidden_size)

    Returns:
        tuple: the hidden states of all steps and the final state, both cut
            off from the graph.

    Source:
        Williams and Peng 1990, in the form without overlap.
    """
    state, hidden_states = initial_state, []
    for first_step in range(0, len(inputs), truncation_length):
        chunk = inputs[first_step : first_step + truncation_length]
        chunk_states, state = layer(chunk, state)
        loss = loss_fn(chunk_states, first_step)
        loss.backward()  # eq-truncated-gradient
        state = _cut(state)  # eq-truncated-state
        hidden_states.append(chunk_states.detach())
    return torch.cat(hidden_states), state


def _cut(state):
    """Return the same numbers without their history."""
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return state.detach()


def recall_by_lag(outputs, targets, lags, max_lag):
    """Measure at each lag how many of the questions are answered right.

    Equations:
        eq-recall

    Args:
        outputs: Logits of the words that can be asked for, at every step.
        targets: The word asked for.
        lags: How many steps ago it was read; 0 where nothing is asked.
        max_lag: Largest lag to report.

    Shapes:
        outputs:       (seq_len, batch, num_words)
        targets, lags: (seq_len, batch)
        returns:       (max_lag + 1,), entry k belongs to lag k

    Returns:
        Tensor: fractions in the dtype of the outputs; NaN at lag 0 and where
            no question has that lag.
    """
    right = (outputs.argmax(dim=2) == targets).to(outputs.dtype)
    recall = outputs.new_full((max_lag + 1,), torch.nan)
    for lag in range(1, max_lag + 1):
        asked = lags == lag
        if asked.any():
            recall[lag] = right[asked].mean()  # eq-recall
    return recall


def recency_baseline(noun_numbers, verb_steps):
    """Give each verb the number of the noun that stands nearest before it.

    Equations:
        eq-recency

    Args:
        noun_numbers: 0 for a singular noun, 1 for a plural one, -1 for any
            other word.
        verb_steps: Index of the step at which the verb stands.

    Shapes:
        noun_numbers: (seq_len, batch)
        verb_steps:   (batch,)
        returns:      (batch,)

    Returns:
        Tensor: 0, 1 or, where no noun stands before the verb, -1; int64.
    """
    steps = torch.arange(len(noun_numbers), device=noun_numbers.device)[
        :, None
    ]
    before = (noun_numbers >= 0) & (verb_steps > steps)
    nearest = torch.where(before, steps, -1).amax(dim=0)  # eq-recency
    numbers = noun_numbers.gather(0, nearest.clamp(min=0)[None])[0]
    return torch.where(nearest >= 0, numbers, -1)


def agreement_error_by_attractors(
    logits, verbs, other_verbs, attractors, max_attractors
):
    """Measure how often a language model prefers the verb's wrong form.

    Equations:
        eq-agreement-error

    Args:
        logits: What the model says about the word at the verb's place.
        verbs: The verb in the right number.
        other_verbs: The same verb in the other number.
        attractors: How many attractors the sentence has.
        max_attractors: Largest count to report.

    Shapes:
        logits:                         (batch, vocabulary)
        verbs, other_verbs, attractors: (batch,)
        returns:                        (max_attractors + 1,)

    Returns:
        Tensor: entry k is the fraction of the sentences with k attractors
            whose right form has not the larger logit, in the dtype of the
            logits; NaN where there is no such sentence.
    """
    right = logits.gather(1, verbs[:, None])[:, 0]
    other = logits.gather(1, other_verbs[:, None])[:, 0]
    wrong = (other >= right).to(logits.dtype)
    errors = logits.new_full((max_attractors + 1,), torch.nan)
    for count in range(max_attractors + 1):
        has = attractors == count
        if has.any():
            errors[count] = wrong[has].mean()  # eq-agreement-error
    return errors

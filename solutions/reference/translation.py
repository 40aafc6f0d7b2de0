"""Chapter 10: attention, a decoder step, its loss, greedy decoding."""

import math

import torch

from rnnlab.layout import LSTMState
from rnnlab.translation.pieces import END, PADDING, START, stack


def attention(query, keys, values, is_padding):
    """Read from a source what a query asks for.

    Equations:
        eq-attention-scores, eq-attention-weights, eq-attention-context

    Args:
        query: What is asked, one vector a sentence.
        keys: What the query is compared with at each source position.
        values: What is read there.
        is_padding: Where there is no source; never a whole column.

    Shapes:
        query:      (batch, size)
        keys:       (source_len, batch, size)
        values:     (source_len, batch, size)
        is_padding: (source_len, batch), bool

    Returns:
        tuple: context (batch, size) and attention_weights (source_len,
            batch), which are 0 at padding and add up to 1 elsewhere.

    Source:
        Luong et al. 2015, "dot". Departs from it: divided by the square root
        of the size, as Vaswani et al. 2017 do.
    """
    size = query.shape[1]
    scores = (keys * query).sum(dim=2) / math.sqrt(size)  # eq-attention-scores
    attention_weights = torch.softmax(  # eq-attention-weights
        scores.masked_fill(is_padding, -torch.inf), dim=0
    )
    context = (  # eq-attention-context
        attention_weights[:, :, None] * values
    ).sum(dim=0)
    return context, attention_weights


def decoder_step(
    x, prev_output, prev_state, encoder_states, is_padding, cell, combine
):
    """Advance a decoder with attention by one target token.

    Equations:
        eq-decoder-input, eq-decoder-state, eq-decoder-output

    Args:
        x: Embedding of the previous target token.
        prev_output: Output of the previous step.
        prev_state: LSTMState of the previous step.
        encoder_states: What the encoder says about each source position.
        is_padding: Where there is no source.
        cell: torch.nn.LSTMCell, or a function that does the same.
        combine: torch.nn.Linear without bias, or a function that does so.

    Shapes:
        x:              (batch, input_size)
        prev_output:    (batch, hidden_size)
        encoder_states: (source_len, batch, hidden_size)
        is_padding:     (source_len, batch), bool

    Returns:
        tuple: output (batch, hidden_size), LSTMState, attention_weights
            (source_len, batch).

    Source:
        Luong et al. 2015, with input feeding.
    """
    inputs = torch.cat([x, prev_output], dim=1)  # eq-decoder-input
    state = LSTMState(*cell(inputs, prev_state))  # eq-decoder-state
    context, attention_weights = attention(
        state.hidden_state, encoder_states, encoder_states, is_padding
    )
    output = torch.tanh(  # eq-decoder-output
        combine(torch.cat([state.hidden_state, context], dim=1))
    )
    return output, state, attention_weights


def masked_loss(logits, targets, padding_index):
    """Return the mean cross-entropy of the targets that are no padding.

    Equations:
        eq-masked-loss

    Args:
        logits: Scores of all tokens.
        targets: Index of the right token; padding_index where there is none.
        padding_index: Index of the padding token.

    Shapes:
        logits:  (target_len, batch, vocabulary_size)
        targets: (target_len, batch), int64

    Returns:
        Tensor: one number, in nats a token.
    """
    log_probabilities = torch.log_softmax(logits, dim=2)
    picked = log_probabilities.gather(2, targets[:, :, None])[:, :, 0]
    return -picked[targets != padding_index].mean()  # eq-masked-loss


def greedy_decode(next_logits, state, first_tokens, max_len):
    """Take the most likely token at each step until all sentences ended.

    Equations:
        eq-greedy-choice

    Args:
        next_logits: Function of the last tokens, (batch,) int64, and the
            state; returns logits, (batch, vocabulary_size), and the next
            state.
        state: What the first call is given; handed on as it comes.
        first_tokens: START for each sentence.
        max_len: The most steps, at least 1.

    Shapes:
        first_tokens: (batch,), int64
        returns:      (steps, batch), int64

    Returns:
        Tensor: the tokens, END included, PADDING behind it.
    """
    tokens, chosen = first_tokens, []
    ended = torch.zeros_like(first_tokens, dtype=torch.bool)
    while len(chosen) < max_len and not ended.all():
        logits, state = next_logits(tokens, state)
        tokens = logits.argmax(dim=1)  # eq-greedy-choice
        tokens = tokens.masked_fill(ended, PADDING)
        ended = ended | (tokens == END)
        chosen.append(tokens)
    return torch.stack(chosen)


@torch.no_grad()
def translate(translator, vocabulary, sources, language, max_len=80):
    """Translate some texts with a trained translator.

    Args:
        translator: Translator.
        vocabulary: Vocabulary that it was trained with.
        sources: Texts.
        language: Code of the target language.
        max_len: The most pieces of a translation.

    Returns:
        list[str]: one for each source.
    """
    device = next(translator.parameters()).device
    encoded = [vocabulary.encode(text, language) for text in sources]
    source = stack(encoded, device)
    step, state = translator.prepare(source, decoder_step)
    first_tokens = torch.full_like(source[0], START)
    tokens = greedy_decode(step, state, first_tokens, max_len)
    return [vocabulary.decode(column) for column in tokens.T.tolist()]

"""A translator's weights: encoder, decoder cell and readouts.

What the learner writes is handed in: one step of the decoder.
"""

import functools
from typing import NamedTuple

import torch
from torch import nn

from rnnlab.layout import LSTMState, gate_slices
from rnnlab.translation.pieces import PADDING, START


class Shape(NamedTuple):
    """What a translator is made of.

    Attributes:
        hidden_size: Units; of the embedding, of a layer, of the decoder.
        num_layers: Layers of the encoder.
        bidirectional: Whether the encoder reads both ways, half of the
            units each.
        residual: Whether each layer adds to its input.
        forget_bias: Bias of all forget gates at the start.
        encoder: "LSTM" or "GRU"; the decoder is an LSTM.
    """

    hidden_size: int = 128
    num_layers: int = 2
    bidirectional: bool = True
    residual: bool = True
    forget_bias: float = 1.0
    encoder: str = "LSTM"


class Translator(nn.Module):
    """Encoder, decoder cell, and the two linear maps behind it.

    Args:
        vocabulary_size: Number of tokens, of both languages together.
        shape: Shape.
        seed: Where the first weights come from.
        device: Device of the weights.
    """

    def __init__(self, vocabulary_size, shape, *, seed, device="cpu"):
        super().__init__()
        self.shape = shape
        units = shape.hidden_size
        # On "meta" a constructor leaves the global random state alone.
        with torch.device("meta"):
            self.source_embedding = nn.Embedding(vocabulary_size, units)
            self.target_embedding = nn.Embedding(vocabulary_size, units)
            ways = 2 if shape.bidirectional else 1
            self.encoder = nn.ModuleList(
                getattr(nn, shape.encoder)(
                    units,
                    units // ways,
                    bidirectional=shape.bidirectional,
                )
                for _ in range(shape.num_layers)
            )
            self.cell = nn.LSTMCell(2 * units, units)
            self.combine = nn.Linear(2 * units, units, bias=False)
            self.readout = nn.Linear(units, vocabulary_size)
        self.to_empty(device="cpu")
        self._initialise(torch.Generator().manual_seed(seed))
        self.to(device)

    def encode(self, source):
        """Read the source.

        Shapes:
            source: (source_len, batch), token indices

        Returns:
            tuple: encoder_states (source_len, batch, hidden_size), the
            decoder's first LSTMState, is_padding (source_len, batch).
        """
        is_padding = source == PADDING
        lengths = (~is_padding).sum(0).cpu()
        states = self.source_embedding(source)
        for layer in self.encoder:
            packed = nn.utils.rnn.pack_padded_sequence(
                states, lengths, enforce_sorted=False
            )
            read, last = layer(packed)
            read, _ = nn.utils.rnn.pad_packed_sequence(read)
            states = states + read if self.shape.residual else read
        if self.shape.encoder == "GRU":
            last = last, torch.zeros_like(last)
        initial_state = LSTMState(*(torch.cat([*s], dim=1) for s in last))
        return states, initial_state, is_padding

    def forward(self, source, target, decoder_step):
        """Return the logits of each target token, given those before it.

        Args:
            source: Token indices of the source.
            target: Those of the target, from the first word to END.
            decoder_step: The learner's.

        Shapes:
            source:  (source_len, batch)
            target:  (target_len, batch)
            returns: (target_len, batch, vocabulary_size)
        """
        encoder_states, state, is_padding = self.encode(source)
        start = torch.full_like(target[:1], START)
        x = self.target_embedding(torch.cat([start, target[:-1]]))
        output = torch.zeros_like(state.hidden_state)
        outputs = []
        for t in range(len(target)):
            output, state, _ = decoder_step(
                x[t],
                output,
                state,
                encoder_states,
                is_padding,
                self.cell,
                self.combine,
            )
            outputs.append(output)
        return self.readout(torch.stack(outputs))

    def prepare(self, source, decoder_step):
        """Return what decoding starts from.

        Returns:
            tuple: a function (tokens, state) -> (logits, state) and the
            first state. A state also carries the attention weights of the
            step that led to it.
        """
        encoder_states, state, is_padding = self.encode(source)
        output = torch.zeros_like(state.hidden_state)
        step = functools.partial(
            self._next, decoder_step, encoder_states, is_padding
        )
        return step, (output, state, None)

    def _next(self, decoder_step, encoder_states, is_padding, tokens, state):
        output, lstm_state, _ = state
        output, lstm_state, weights = decoder_step(
            self.target_embedding(tokens),
            output,
            lstm_state,
            encoder_states,
            is_padding,
            self.cell,
            self.combine,
        )
        return self.readout(output), (output, lstm_state, weights)

    def _initialise(self, generator):
        bound = self.shape.hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound, generator=generator)
        for embedding in (self.source_embedding, self.target_embedding):
            nn.init.normal_(embedding.weight, generator=generator)
        with torch.no_grad():
            for module in self.modules():
                if isinstance(module, (nn.LSTM, nn.LSTMCell)):
                    rows = gate_slices(module.hidden_size)["forget"]
                    for name, parameter in module.named_parameters():
                        if "bias_ih" in name:
                            parameter[rows] = self.shape.forget_bias

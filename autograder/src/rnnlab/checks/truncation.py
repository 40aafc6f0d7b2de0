"""Check of chapter 2: truncated backpropagation through time."""

import torch

from rnnlab.checks import drive
from rnnlab.checks.check import Check
from rnnlab.checks.judge import GRADIENT, Standard
from rnnlab.checks.truncation_case import ChunkCase, chunk_sizes

CHAPTER = "02-long-distance"
#: What the drive observes apart from the numbers of the states.
CHUNKS, FREE = "chunk_lengths", "final_state_requires_grad"
_GONE = "backward through the graph a second time"
_STATE = ("layer", "batch", "unit")
_MATRIX = ("row", "column")
_AXES = {
    CHUNKS: ("chunk",),
    "hidden_states": ("time step", "batch", "unit"),
    "final hidden_state": _STATE,
    "final cell_state": _STATE,
    GRADIENT + "weight_ih": _MATRIX,
    GRADIENT + "weight_hh": _MATRIX,
    GRADIENT + "bias_ih": ("row",),
    GRADIENT + "bias_hh": ("row",),
}


class TruncatedBPTT(Check):
    """Forward through all steps, back through one chunk at a time."""

    name = "truncated_bptt"
    equation = "eq-truncated-gradient"
    equations = {  # noqa: RUF012 - read only, like those of the base
        "hidden_states": "eq-truncated-state",
        "final hidden_state": "eq-truncated-state",
        "final cell_state": "eq-truncated-state",
        FREE: "eq-truncated-state",
    }
    chapter = CHAPTER
    established = (
        "The states are those of the unbroken run and the gradients those "
        "of each chunk alone (RNN, LSTM and GRU, 5 cases)."
    )
    hints = (
        "What must a chunk know of the chunks before it, and what must its "
        "gradient not know? Which method of a tensor gives you a tensor of "
        "equal numbers without a history?",
        "Loop over the first steps 0, truncation_length, 2 * "
        "truncation_length, ... A slice may end behind the sequence. An "
        "LSTM's state is a tuple: each of its two tensors has a history.",
        "eq-truncated-gradient: run the layer on the chunk, call loss_fn on "
        "its hidden states and backward() on the loss, and detach the state "
        "before the next chunk uses it. backward() adds to .grad by itself.",
    )
    standard = Standard("autograd on each chunk alone", _AXES)
    public = (
        ChunkCase("an RNN is cut in two", chunk_sizes(6, 2, 3, 4)),
        ChunkCase("an LSTM is cut", chunk_sizes(6, 2, 2, 3), 1, layer="LSTM"),
        ChunkCase(
            "the last chunk is shorter",
            chunk_sizes(7, 2, 2, 3),
            2,
            layer="GRU",
        ),
        ChunkCase(
            "the parameters have gradients already",
            chunk_sizes(5, 1, 3, 2),
            3,
            layer="LSTM",
            chunk=2,
            filled=True,
        ),
        ChunkCase(
            "the layer is float32 and truncation_length is 1",
            chunk_sizes(3, 2, 2, 2),
            4,
            dtype=torch.float32,
            chunk=1,
        ),
    )

    def hidden_cases(self, seeds):
        """Return one step, one chunk, many chunks, one row, float32."""
        yield ChunkCase(
            "the sequences have one step", chunk_sizes(1, 2, 3, 2), next(seeds)
        )
        yield ChunkCase(
            "truncation_length is larger than seq_len",
            chunk_sizes(4, 3, 2, 3),
            next(seeds),
            layer="LSTM",
            chunk=9,
        )
        yield ChunkCase(
            "there are many chunks",
            chunk_sizes(41, 2, 3, 3),
            next(seeds),
            layer="GRU",
            chunk=4,
            filled=True,
        )
        yield ChunkCase(
            "batch and hidden_size are 1",
            chunk_sizes(5, 1, 1, 1),
            next(seeds),
            layer="LSTM",
            chunk=2,
        )
        yield ChunkCase(
            "the layer is float32",
            chunk_sizes(6, 3, 2, 4),
            next(seeds),
            dtype=torch.float32,
            layer="LSTM",
            filled=True,
        )

    def drive(self, function, case):
        """Return states, gradients and how the sequence was cut."""
        layer, inputs, state, targets = case.situation()
        halves = {f"initial_{n}": t for n, t in _halves(state).items()}
        before = {"inputs": inputs, **halves}
        given = {name: tensor.clone() for name, tensor in before.items()}
        weights = [p.detach().clone() for p in layer.parameters()]
        lengths = []

        def loss_fn(hidden_states, first_step):
            lengths.append(len(hidden_states))
            return _loss(hidden_states, first_step, targets)

        _, *parts = given.values()
        start = tuple(parts) if len(parts) > 1 else parts[0]
        returned = function(
            layer,
            given["inputs"],
            start,
            loss_fn,
            truncation_length=case.chunk,
        )
        hidden_states, final = _unpack(returned, case.layer)
        drive.require_unchanged(before, given, self.name)
        for old, now in zip(weights, layer.parameters(), strict=True):
            if not torch.equal(old, now.detach()):
                raise drive.Unusable(
                    "truncated_bptt changed the layer's parameters. It only "
                    "adds to their gradients; an optimizer does the rest."
                )
        free = any(t.requires_grad for t in final.values())
        return {
            CHUNKS: torch.tensor(lengths, dtype=torch.int64),
            "hidden_states": hidden_states,
            **final,
            FREE: torch.tensor(free),
            **_gradients(layer),
        }

    def oracle(self, case):
        """Run the whole sequence at once and differentiate each chunk alone.

        The state before a chunk is taken from the unbroken run, so nothing
        is carried from chunk to chunk here.
        """
        layer, inputs, state, targets = case.situation()
        steps, carried = [], [state]
        with torch.no_grad():
            for x in inputs:
                hidden_state, state = layer(x[None], state)
                steps.append(hidden_state)
                carried.append(state)
        lengths = []
        for first_step in range(0, len(inputs), case.chunk):
            chunk = inputs[first_step : first_step + case.chunk]
            hidden_states, _ = layer(chunk, carried[first_step])
            _loss(hidden_states, first_step, targets).backward()
            lengths.append(len(chunk))
        return {
            CHUNKS: torch.tensor(lengths),
            "hidden_states": torch.cat(steps),
            **{f"final {n}": t for n, t in _halves(state).items()},
            FREE: torch.tensor(False),
            **_gradients(layer),
        }

    def signature(self, report):
        """Recognise a graph that is gone, however this torch words it."""
        if report.status == drive.RAISED and _GONE in report.problem:
            return "raised on a graph that is gone"
        return super().signature(report)


def _loss(hidden_states, first_step, targets):
    """Return half the squared distance to the targets, summed."""
    last = first_step + len(hidden_states)
    return (hidden_states - targets[first_step:last]).square().sum() / 2


def _halves(state):
    """Return a state's tensors by name."""
    parts = state if isinstance(state, tuple) else (state,)
    return dict(zip(("hidden_state", "cell_state"), parts, strict=False))


def _gradients(layer):
    return {
        GRADIENT + name.removesuffix("_l0"): parameter.grad
        for name, parameter in layer.named_parameters()
        if parameter.grad is not None
    }


def _unpack(returned, layer):
    """Return the hidden states and the parts of the final state by name."""
    if type(returned) is not tuple or len(returned) != 2:
        raise drive.Unusable(
            f"what it returns is {drive.a_type(returned)}, not a pair. "
            "Return hidden_states and the final state."
        )
    hidden_states, state = returned
    drive.require_tensor(hidden_states, "hidden_states")
    if layer == "LSTM":
        if not isinstance(state, tuple) or len(state) != 2:
            raise drive.Unusable(
                f"the final state is {drive.a_type(state)}. An LSTM's is a "
                "pair: hidden state and cell state."
            )
    elif isinstance(state, tuple):
        raise drive.Unusable(
            f"the final state is {drive.a_type(state)}. That of nn.{layer} "
            "is one tensor."
        )
    final = {f"final {name}": t for name, t in _halves(state).items()}
    for name, tensor in final.items():
        drive.require_tensor(tensor, f"the {name}")
    return hidden_states, final

"""Trainings of chapter 6 that take minutes: run once, results kept.

    python book/results/lstm_or_gru.py

writes ``lstm_or_gru.json`` beside it. A test fails when this script has
changed since.
"""

import hashlib
import importlib
import inspect
import json
import platform
import time
from pathlib import Path

import torch
from torch import nn

from rnnlab import characters, comparison, counting, tasks, train
from rnnlab.characters import ALPHABET

SEEDS = (0, 1, 2)
COUNTING_SEEDS = (0, 1, 2, 3, 4)
LENGTHS = (5, 10, 20, 40, 80)
STARTS = {
    "tanh RNN": (nn.RNN, None),
    "LSTM as torch ships it": (nn.LSTM, None),
    "GRU as torch ships it": (nn.GRU, None),
    "LSTM, forget bias +3": (nn.LSTM, 3.0),
    "GRU, update bias +3": (nn.GRU, 3.0),
}
#: Read in this order; the last one is kept for testing.
MODULES = ("textwrap", "shlex", "string", "heapq", "cmd", "optparse")


def source_of(*modules):
    """Return the source of modules, without characters outside ALPHABET."""
    text = "".join(
        inspect.getsource(importlib.import_module(name)) for name in modules
    )
    return "".join(c for c in text if c in ALPHABET)


def fitted(layer, outputs, batches, losses, learning_rate, seed):
    """Return a trained Reader."""
    generator = torch.Generator().manual_seed(1000 + seed)
    model = train.Reader(layer, outputs, generator=generator)
    train.fit(
        model, batches, *losses, learning_rate=learning_rate, max_norm=1.0
    )
    return model


def latch(kind, bias, seq_len, seed, hidden_size=32, updates=150):
    """Return the accuracy on 1,000 fresh sequences after training."""
    generator = torch.Generator().manual_seed(seed)
    layer = comparison.make(kind, 4, hidden_size, seed=seed, memory_bias=bias)
    batches = (
        tasks.one_bit_latch(64, seq_len, generator=generator)
        for _ in range(updates)
    )
    losses = train.bit_loss, train.bit_accuracy
    model = fitted(layer, 1, batches, losses, 3e-3, seed)
    inputs, bits = tasks.one_bit_latch(1000, seq_len, generator=generator)
    with torch.no_grad():
        return float(train.bit_accuracy(model(inputs), bits))


def adding(kind, seed, seq_len=40, updates=600):
    """Return the squared error on 1,000 fresh sequences after training."""
    generator = torch.Generator().manual_seed(seed)
    budget = comparison.size_of(nn.LSTM(2, 32, device="meta"))
    units = comparison.hidden_size_within(kind, 2, budget)
    layer = comparison.make(kind, 2, units, seed=seed, memory_bias=3.0)
    batches = (
        comparison.adding_problem(64, seq_len, generator=generator)
        for _ in range(updates)
    )
    losses = comparison.sum_loss, comparison.sum_loss
    model = fitted(layer, 1, batches, losses, 1e-2, seed)
    inputs, sums = comparison.adding_problem(
        1000, seq_len, generator=generator
    )
    with torch.no_grad():
        return float(comparison.sum_loss(model(inputs), sums))


def read_text(kind, seed, updates=400, bias=3.0):
    """Return the nats a character on a module that was not trained on."""
    model = language_model(kind, seed, updates, bias)
    return characters.nats(model, source_of(MODULES[-1])[:20_000])


def language_model(kind, seed, updates, bias, seq_len=64):
    """Return a model that was trained on all modules but the last."""
    generator = torch.Generator().manual_seed(seed)
    width = len(ALPHABET)
    budget = comparison.size_of(nn.LSTM(width, 64, device="meta"))
    units = comparison.hidden_size_within(kind, width, budget)
    layer = comparison.make(kind, width, units, seed=seed, memory_bias=bias)
    text = source_of(*MODULES[:-1])
    batches = (
        tasks.text_windows(
            text, 32, seq_len, alphabet=ALPHABET, generator=generator
        )
        for _ in range(updates)
    )
    losses = train.character_loss, train.character_accuracy
    return fitted(layer, width, batches, losses, 1e-2, seed)


def counter(kind, seed, longest=30, updates=2000, hidden_size=8):
    """Return up to which n a network counts that was trained up to 30."""
    generator = torch.Generator().manual_seed(seed)
    layer = comparison.make(kind, 2, hidden_size, seed=seed)
    model = train.Reader(layer, 1, generator=generator)
    losses = counting.fit_counter(
        model, range(1, longest + 1), updates, learning_rate=2e-2
    )
    return {"reach": counting.reach(model, 500), "loss": losses[-1]}


def quotes(seed, updates=1200):
    """Return how well the units of a trained and a new LSTM follow strings.

    The unit is chosen on the first module, which was trained on, and scored
    on the last one, which was not.
    """
    start = time.perf_counter()
    model = language_model(nn.LSTM, seed, updates, 2.0)
    new = comparison.make(
        nn.LSTM, len(ALPHABET), 64, seed=seed, memory_bias=2.0
    )
    seen, unseen = source_of(MODULES[0]), source_of(MODULES[-1])
    found = {}
    for name, lstm in (("trained", model.layer), ("untrained", new)):
        first = characters.unit_scores(lstm, seen)
        unit = int((first - 0.5).abs().argmax())
        found[name] = {
            "unit": unit,
            "score where chosen": float(first[unit]),
            "score on unseen text": float(
                characters.unit_scores(lstm, unseen)[unit]
            ),
        }
    found["nats on unseen text"] = characters.nats(model, unseen[:20_000])
    found["seconds"] = time.perf_counter() - start
    return found


def main():
    """Run everything and write it down."""
    torch.set_num_threads(1)
    results = {
        "counting": {
            kind.__name__: [counter(kind, seed) for seed in COUNTING_SEEDS]
            for kind in (nn.LSTM, nn.GRU)
        },
        "latch": {
            name: {
                str(length): [
                    latch(kind, bias, length, seed) for seed in SEEDS
                ]
                for length in LENGTHS
            }
            for name, (kind, bias) in STARTS.items()
        },
        "adding": {
            kind.__name__: [adding(kind, seed) for seed in SEEDS]
            for kind in (nn.RNN, nn.LSTM, nn.GRU)
        },
        "text": {
            kind.__name__: [read_text(kind, seed) for seed in SEEDS]
            for kind in (nn.RNN, nn.LSTM, nn.GRU)
        },
        "quotes": [quotes(seed) for seed in SEEDS],
    }
    record = {
        "script": hashlib.sha256(Path(__file__).read_bytes()).hexdigest(),
        "seeds": SEEDS,
        "counting seeds": COUNTING_SEEDS,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": "cpu, 1 thread",
        "modules": MODULES,
        "results": results,
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

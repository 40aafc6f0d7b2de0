"""The search of chapter 6 for a unit that tracks: run once, results kept.

    python book/results/tracking.py

writes ``tracking.json`` beside it. A test fails when this script has changed
since. Against the small networks of ``lstm_or_gru.py`` these have twice the
units, sixteen times the text, and keep their state from one stretch of text
to the next, so that they read a file and not cuttings of it.
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

from rnnlab import characters, comparison, probes, syntax, tasks, train
from rnnlab.characters import ALPHABET

SEEDS = (0, 1, 2)
UNITS, UPDATES, BATCH, STRETCH = 128, 4000, 32, 100
RATE = 4e-3
#: What is trained on, in this order; units are chosen on the first one.
MODULES = [
    "textwrap",
    "shlex",
    "string",
    "heapq",
    "cmd",
    "argparse",
    "inspect",
    "ast",
    "pathlib",
    "tarfile",
    "zipfile",
    "typing",
    "dataclasses",
    "configparser",
    "logging",
    "subprocess",
    "threading",
    "unittest.mock",
    "email.message",
    "http.client",
    "urllib.request",
    "pdb",
    "pickle",
    "tempfile",
    "shutil",
    "statistics",
    "fractions",
    "difflib",
    "doctest",
]
#: What no network reads in training; the scores that count are of this.
UNSEEN = "optparse"
#: Lines whose trace is kept for the figure, from the first one that has it.
SHOWN, LENGTH = "class IndentedHelpFormatter", 900
LABELS = {
    "brackets": syntax.inside_brackets,
    "strings": syntax.inside_strings,
}
CLOSERS = [ALPHABET.index(c) for c in ")]}"]


def source_of(name):
    """Return the source of a module, without characters outside ALPHABET."""
    text = inspect.getsource(importlib.import_module(name))
    return "".join(c for c in text if c in ALPHABET)


def trained(seed):
    """Return a model trained with its state carried along, and its loss."""
    generator = torch.Generator().manual_seed(1000 + seed)
    lstm = new(seed)
    model = train.Reader(lstm, len(ALPHABET), generator=generator)
    codes = tasks.encode_text("".join(map(source_of, MODULES)), ALPHABET)
    rows = len(codes) // BATCH
    columns = codes[: rows * BATCH].view(BATCH, rows).T
    adam = torch.optim.Adam(model.parameters(), RATE)
    slower = torch.optim.lr_scheduler.CosineAnnealingLR(adam, UPDATES)
    state, begin, losses = None, 0, []
    for _ in range(UPDATES):
        if begin + STRETCH >= rows:
            state, begin = None, 0
        stretch = columns[begin : begin + STRETCH + 1]
        begin += STRETCH
        hidden_states, state = lstm(
            tasks.one_hot(stretch[:-1], ALPHABET), state
        )
        state = tuple(part.detach() for part in state)
        loss = train.character_loss(model.readout(hidden_states), stretch[1:])
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        slower.step()
        losses.append(loss.item())
    return model, sum(losses[-100:]) / 100


def new(seed):
    """Return the LSTM before training."""
    return comparison.make(
        nn.LSTM, len(ALPHABET), UNITS, seed=seed, memory_bias=1.0
    )


def chosen(lstm, label):
    """Choose a unit where it trained; score it there and on unseen text."""
    seen, unseen = source_of(MODULES[0]), source_of(UNSEEN)
    first = characters.unit_scores(lstm, seen, inside=label(seen))
    unit = int((first - 0.5).abs().argmax())
    there = characters.unit_scores(lstm, unseen, inside=label(unseen))
    return {
        "unit": unit,
        "score where chosen": float(first[unit]),
        "score on unseen text": float(there[unit]),
    }


def column_score(label):
    """Return the score of a unit that counts the characters of a line."""
    source = source_of(UNSEEN)
    columns = [
        place
        for line in source.splitlines(keepends=True)
        for place in range(len(line))
    ]
    states = torch.tensor(columns).double()
    inside = label(source)
    inner, outer = states[inside], states[~inside]
    below = (inner[:, None] > outer).double().mean()
    return float(below + (inner[:, None] == outer).double().mean() / 2)


@torch.no_grad()
def use(model, unit):
    """Set one unit inside brackets to what it is outside; watch the guesses.

    Returns:
        dict: the mean probability, at the characters of the unseen text
            inside brackets, that the next one closes a bracket: as it is,
            and with one unit's cell state at its outside median; and how
            many units change that probability at least as much.
    """
    source = source_of(UNSEEN)
    inside = syntax.inside_brackets(source)
    inputs = tasks.one_hot(tasks.encode_text(source, ALPHABET), ALPHABET)
    trace = probes.gate_trace(model.layer, inputs[:, None])
    cells = trace.cell_states[:, 0]
    gates = trace.output_gate[inside, 0]
    outside = cells[~inside].median(dim=0).values
    hidden_states = gates * cells[inside].tanh()
    logits = model.readout(hidden_states)
    weight = model.readout.weight
    before = logits.softmax(dim=1)[:, CLOSERS].sum(dim=1).mean()
    after = []
    for k in range(len(outside)):
        change = gates[:, k] * outside[k].tanh() - hidden_states[:, k]
        moved = logits + change[:, None] * weight[:, k]
        after.append(moved.softmax(dim=1)[:, CLOSERS].sum(dim=1).mean())
    effect = (torch.stack(after) - before).abs()
    return {
        "closes": float(before),
        "closes with the unit as outside": float(after[unit]),
        "units that matter as much": int((effect >= effect[unit]).sum()),
    }


def trace_of(lstm, unit):
    """Return lines of the unseen text with the unit's cell states."""
    source = source_of(UNSEEN)
    begin = source.index(SHOWN)
    part = slice(begin, begin + LENGTH)
    inputs = tasks.one_hot(tasks.encode_text(source, ALPHABET), ALPHABET)
    states = probes.gate_trace(lstm, inputs[:, None]).cell_states[part, 0]
    return {
        "text": source[part],
        "inside": syntax.inside_brackets(source)[part].int().tolist(),
        "cell states": [round(x, 3) for x in states[:, unit].tolist()],
    }


def run(seed):
    """Return everything about one network."""
    start = time.process_time()
    model, loss = trained(seed)
    found = {"seed": seed, "loss at the end": loss}
    for name, label in LABELS.items():
        found[name] = {
            "trained": chosen(model.layer, label),
            "untrained": chosen(new(seed), label),
        }
    unit = found["brackets"]["trained"]["unit"]
    found["use"] = use(model, unit)
    found["trace"] = trace_of(model.layer, unit)
    found["processor seconds"] = time.process_time() - start
    return found


def main():
    """Run everything and write it down."""
    torch.set_num_threads(1)
    record = {
        "script": hashlib.sha256(Path(__file__).read_bytes()).hexdigest(),
        "seeds": SEEDS,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": "cpu, 1 thread",
        "modules": MODULES,
        "unseen": UNSEEN,
        "units": UNITS,
        "updates": UPDATES,
        "characters": sum(len(source_of(name)) for name in MODULES),
        "column": {n: column_score(label) for n, label in LABELS.items()},
        "runs": [run(seed) for seed in SEEDS],
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

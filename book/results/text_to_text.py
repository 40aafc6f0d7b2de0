"""Record chapter 11's table: one factor varied at a time, and two at once.

    python book/results/text_to_text.py

writes ``text_to_text.json`` beside this file. It takes some minutes on one
core, too long for a page that is built.
"""

import hashlib
import json
import platform
from pathlib import Path

import torch
from torch import nn

from rnnlab import text_to_text

SEEDS = range(5)
BASELINE = {
    "layer": "GRU",
    "size": 64,
    "updates": 500,
    "learning rate": 1e-2,
    "networks": "two",
    "prefix": True,
    "models": "one for all tasks",
}
#: What is changed, everything else being as in the baseline.
CHANGES = {
    "baseline": {},
    "no prefix": {"prefix": False},
    "half the size": {"size": 32},
    "LSTM": {"layer": "LSTM"},
    "one network reads and writes": {"networks": "one"},
    "a model for each task": {"models": "one a task"},
    "2/5 of the updates": {"updates": 200},
    "1/5 of the learning rate": {"learning rate": 2e-3},
    "both": {"updates": 200, "learning rate": 2e-3},
}


def run(settings, seed):
    """Train with some settings; return exact matches by task, and loss."""
    groups = [tuple(text_to_text.TASKS)]
    if settings["models"] == "one a task":
        groups = [(task,) for task in text_to_text.TASKS]
    found = {}
    for number, tasks in enumerate(groups):
        generator = torch.Generator().manual_seed(100 * seed + number)
        model = text_to_text.EncoderDecoder(
            getattr(nn, settings["layer"]),
            settings["size"],
            seed=seed,
            shared=settings["networks"] == "one",
        )
        # All models of a row see as many examples together.
        batches = (
            text_to_text.sample(
                64, generator, tasks, prefix=settings["prefix"]
            )
            for _ in range(settings["updates"] // len(groups))
        )
        text_to_text.train(
            model, batches, learning_rate=settings["learning rate"]
        )
        asked = text_to_text.held_out(prefix=settings["prefix"])
        matches = text_to_text.exact_matches(model, asked)
        found |= {task: matches[task] for task in tasks}
    return found


def digest():
    """Return what the numbers depend on: this script and its module."""
    files = [Path(__file__), Path(text_to_text.__file__)]
    text = "".join(file.read_text("utf-8") for file in files)
    return hashlib.sha256(text.encode()).hexdigest()


def main():
    """Run everything and write it down."""
    torch.set_num_threads(1)
    found = {}
    for name, change in CHANGES.items():
        found[name] = [run(BASELINE | change, seed) for seed in SEEDS]
        print(name, [sum(f.values()) / len(f) for f in found[name]])
    record = {
        "script": digest(),
        "seeds": list(SEEDS),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
        "device": "cpu",
        "baseline": BASELINE,
        "changes": CHANGES,
        "exact matches": found,
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

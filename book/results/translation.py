"""Recorded runs of chapter 10: a translator whole, in parts, and at length.

    python book/results/translation.py

trains every variant for every seed on one CPU thread and writes
translation.json beside it; a test compares the script's hash with the one in
that file. The functions that learners write come from the reference.
"""

import hashlib
import json
import platform
import sys
import time
from pathlib import Path
from typing import NamedTuple

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "solutions"))

from reference import translation as written  # noqa: E402
from rnnlab.layout import LSTMState  # noqa: E402
from rnnlab.translation import numbers, scores, training  # noqa: E402
from rnnlab.translation.model import Shape, Translator  # noqa: E402
from rnnlab.translation.pieces import Vocabulary  # noqa: E402

SEEDS = (0, 1, 2)
TESTED = 200
RESULT = Path(__file__).with_suffix(".json")


class Plan(NamedTuple):
    """One experiment: what is translated, by what, trained how."""

    languages: tuple
    digits: int
    sentences: int
    merges: int
    shape: Shape
    settings: training.Settings
    attends: bool = True


SHORT = training.Settings(updates=120)
SGD = SHORT._replace(optimizer="sgd", learning_rate=8.0, max_norm=0.25)
BASE = Plan(("de",), 6, 4000, 60, Shape(hidden_size=64), SHORT)


def changed(**parts):
    """Return the base with another shape."""
    return BASE._replace(shape=BASE.shape._replace(**parts))


ABLATION = {
    "all of them": BASE,
    "forward encoder": changed(bidirectional=False),
    "no attention": BASE._replace(attends=False),
    "GRU encoder": changed(encoder="GRU"),
    "forget bias 0": changed(forget_bias=0.0),
    "1 layer": changed(num_layers=1),
    "8 layers, residual": changed(num_layers=8),
    "8 layers, plain": changed(num_layers=8, residual=False),
    "no clipping": BASE._replace(settings=SHORT._replace(max_norm=1e9)),
    "SGD": BASE._replace(settings=SGD),
    "SGD, no clipping": BASE._replace(settings=SGD._replace(max_norm=1e9)),
}

#: The exercise's long run: two languages, one model.
LONG = Plan(
    ("de", "fr"),
    6,
    10_000,
    100,
    Shape(hidden_size=128),
    training.Settings(updates=400, learning_rate=3e-3),
)


def blind_step(
    x, prev_output, prev_state, encoder_states, is_padding, cell, combine
):
    """Advance a decoder that sees the encoder's last state alone."""
    del is_padding
    state = LSTMState(*cell(torch.cat([x, prev_output], 1), prev_state))
    nothing = torch.zeros_like(state.hidden_state)
    joined = torch.cat([state.hidden_state, nothing], 1)
    weights = torch.zeros_like(encoder_states[:, :, 0])
    return torch.tanh(combine(joined)), state, weights


def run(plan, seed):
    """Train one translator and score it on numbers kept for testing.

    Returns:
        dict: plain data.
    """
    generator = torch.Generator().manual_seed(seed)
    lines, tests = (
        numbers.sentences(
            numbers.draw(
                count, plan.digits, held_out=held_out, generator=generator
            ),
            plan.languages,
        )
        for count, held_out in ((plan.sentences, False), (TESTED, True))
    )
    sample = lines[: 500 * len(plan.languages)]
    texts = [side for line in sample for side in (line.source, line.target)]
    vocabulary = Vocabulary(texts, plan.merges, plan.languages)
    translator = Translator(len(vocabulary), plan.shape, seed=seed)
    started, cpu = time.perf_counter(), time.process_time()
    losses, norms = training.fit(
        translator,
        training.encode(lines, vocabulary),
        plan.settings._replace(seed=seed),
        written.decoder_step if plan.attends else blind_step,
        written.masked_loss,
        progress=False,
    )
    return {
        "seed": seed,
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "parameters": sum(p.numel() for p in translator.parameters()),
        "tokens": len(vocabulary),
        "losses": [round(loss, 5) for loss in losses],
        "largest_norm": max(norms),
        **{
            language: score(plan, translator, vocabulary, tests, language)
            for language in plan.languages
        },
    }


def score(plan, translator, vocabulary, tests, language):
    """Return exact match and BLEU of letters in one language."""
    chosen = [line for line in tests if line.language == language]
    step = written.decoder_step
    try:
        written.decoder_step = step if plan.attends else blind_step
        said = written.translate(
            translator, vocabulary, [line.source for line in chosen], language
        )
    finally:
        written.decoder_step = step
    right = [line.target for line in chosen]
    return {
        "exact_match": scores.exact_match(said, right),
        "letter_bleu": round(scores.letter_bleu(said, right), 2),
    }


def script_hash():
    """Return the hash of this script."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def main():
    """Run everything and write it down."""
    torch.set_num_threads(1)
    found = {
        "script": script_hash(),
        "seeds": SEEDS,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
        "device": f"CPU, 1 thread of {platform.machine()}",
    }
    for name, plan in (ABLATION | {"the long run": LONG}).items():
        found[name] = [run(plan, seed) for seed in SEEDS]
        last = found[name][-1]
        print(name, last["cpu_seconds"], last["de"], flush=True)
    RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()

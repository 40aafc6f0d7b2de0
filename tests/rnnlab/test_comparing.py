"""Instruments and figures of chapter 6: strings, quotes, races, the slider."""

import hashlib
import json
import re
from pathlib import Path

import pytest
import torch
from torch import nn

from reference.characters import find_tracking_unit
from reference.counting import counting_lstm
from rnnlab import characters, comparison, counting, syntax, tasks, train
from rnnlab.layout import GRU_GATES, gate_slices
from rnnlab.plots.trace_slider import trace_slider

RESULTS = Path(__file__).resolve().parents[2] / "book" / "results"


@pytest.mark.parametrize("name", ["lstm_or_gru", "tracking"])
def test_recorded_results_are_those_of_the_script(name):
    """The script has not changed since it was run."""
    record = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    script = (RESULTS / f"{name}.py").read_bytes()
    assert record["script"] == hashlib.sha256(script).hexdigest()
    assert len(record["seeds"]) >= 3


# Counting


def test_strings_are_one_hot_and_filled_up_with_zeros():
    """Each letter in its feature, nothing after the end."""
    inputs, lengths = counting.encode(["ab", "bba"])
    assert lengths.tolist() == [2, 3]
    assert inputs[:, 0].tolist() == [[1, 0], [0, 1], [0, 0]]
    assert inputs[:, 1].tolist() == [[0, 1], [0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("string", "right"),
    [("", False), ("ab", True), ("aabb", True), ("abab", False), ("a", False)],
)
def test_balanced_is_a_n_b_n(string, right):
    """N from 1 on."""
    assert counting.is_balanced(string) == right


def test_targets_end_where_the_string_ends():
    """One end a string, after the last b, and only b are certain."""
    inputs, ends, certain = counting.balanced([1, 3])
    assert ends.T.tolist() == [[0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]]
    assert certain.T.int().tolist() == [[0, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1]]
    assert inputs.sum(dim=(0, 2)).tolist() == [2, 6]


def test_readouts_of_a_batch_are_those_of_each_string():
    """Padding and the empty string make no difference."""
    parameters = counting_lstm(torch.float64)
    lstm = nn.LSTM(2, 4, dtype=torch.float64, device="meta")
    lstm = lstm.to_empty(device="cpu")
    with torch.no_grad():
        for name, parameter in lstm.named_parameters():
            parameter.copy_(parameters[name.removesuffix("_l0")])
    readout = parameters["readout_weight"], parameters["readout_bias"]
    strings = ["", "ab", "aab", "b", "aaabbb"]
    together = counting.readouts(lstm, *readout, strings)
    alone = [counting.readouts(lstm, *readout, [s])[0] for s in strings]
    torch.testing.assert_close(together, torch.stack(alone))
    assert (together > 0).tolist() == [False, True, False, False, True]


class Oracle(nn.Module):
    """Counts without weights, and is wrong from some n on."""

    def __init__(self, limit):
        super().__init__()
        self.limit = limit

    def forward(self, inputs):
        """Say that the string ends where the count is 0."""
        counts = (inputs[..., 0] - inputs[..., 1]).cumsum(dim=0)
        wrong = inputs[..., 0].sum(dim=0) > self.limit
        says = (counts == 0).float() - 0.5
        return torch.where(wrong, -says, says)[..., None]


@pytest.mark.parametrize(("limit", "reach"), [(0, 0), (7, 7), (99, 20)])
def test_reach_is_the_last_n_before_the_first_failure(limit, reach):
    """Or where the search stops."""
    assert counting.reach(Oracle(limit), 20) == reach


def test_training_lowers_the_loss_and_leaves_the_global_state_alone():
    """A short run, seeded by what is passed in."""
    before = torch.random.get_rng_state()
    losses = []
    for _ in range(2):
        generator = torch.Generator().manual_seed(0)
        layer = comparison.make(nn.LSTM, 2, 4, seed=0)
        model = train.Reader(layer, 1, generator=generator)
        losses.append(counting.fit_counter(model, range(1, 6), 40))
    assert losses[0] == losses[1]
    assert losses[0][-1] < losses[0][0]
    assert torch.equal(before, torch.random.get_rng_state())


# Comparing


@pytest.mark.parametrize(
    ("kind", "gate", "gates"),
    [
        (nn.LSTM, "forget", ("input", "forget", "cell", "output")),
        (nn.GRU, "update", GRU_GATES),
    ],
)
def test_memory_gate_is_the_one_that_keeps(kind, gate, gates):
    """Its biases add up to what was asked for; all else is as drawn."""
    drawn = comparison.make(kind, 3, 4, seed=1)
    opened = comparison.make(kind, 3, 4, seed=1, memory_bias=2.0)
    rows = gate_slices(4, gates)[gate]
    total = opened.bias_ih_l0 + opened.bias_hh_l0
    assert (total[rows] == 2.0).all()
    others = [k for k in range(len(total)) if not rows.start <= k < rows.stop]
    for one, two in zip(drawn.parameters(), opened.parameters(), strict=True):
        assert torch.equal(one[others], two[others])
    assert torch.equal(drawn.weight_hh_l0, opened.weight_hh_l0)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_hidden_size_is_the_largest_within_the_budget(kind):
    """One unit more is too many."""
    units = comparison.hidden_size_within(kind, 5, 1000)
    sizes = [
        comparison.size_of(kind(5, n, device="meta"))
        for n in (units, units + 1)
    ]
    assert sizes[0] <= 1000 < sizes[1]


@pytest.mark.parametrize("seq_len", [2, 5, 40])
def test_adding_problem_marks_one_number_in_each_half(seq_len):
    """The target is the sum of the marked numbers."""
    generator = torch.Generator().manual_seed(0)
    inputs, targets = comparison.adding_problem(
        200, seq_len, generator=generator
    )
    half = seq_len // 2
    assert (inputs[:half, :, 1].sum(dim=0) == 1).all()
    assert (inputs[half:, :, 1].sum(dim=0) == 1).all()
    torch.testing.assert_close(
        (inputs[..., 0] * inputs[..., 1]).sum(dim=0), targets
    )


def test_guessing_one_costs_a_sixth():
    """The variance of a sum of two uniform numbers."""
    generator = torch.Generator().manual_seed(0)
    inputs, targets = comparison.adding_problem(20_000, 4, generator=generator)
    ones = torch.ones(*inputs.shape[:2], 1)
    assert comparison.sum_loss(ones, targets) == pytest.approx(1 / 6, abs=0.01)


def test_race_times_every_layer_as_often():
    """And leaves no gradient behind."""
    layers = {"one": nn.Identity(), "two": nn.RNN(2, 3)}
    layers["one"] = comparison.make(nn.GRU, 2, 3, seed=0)
    times = comparison.race(layers, torch.zeros(4, 1, 2), repeats=3)
    assert [len(each) for each in times.values()] == [3, 3]
    assert min(min(each) for each in times.values()) > 0
    assert all(p.grad is None for p in layers["one"].parameters())


def test_ratio_is_taken_round_by_round():
    """A slow round slows both."""
    times = {"a": [2.0, 20.0, 2.2], "b": [1.0, 10.0, 1.0]}
    assert comparison.median_ratio(times, "a", "b") == 2.0


# Quotes


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("a = 'b'\n", "....##.."),
        ("x\n", ".."),
        ("# 'no'\n", "......."),
        ('s = """a\nb"""\n', "....########.."[:14]),
        ("f('a', 1)\n", "..##......"),
        ("r'x'\n", "###.."),
    ],
)
def test_inside_is_from_the_first_quote_to_before_the_last(source, marks):
    """Prefixes count, comments do not."""
    found = "".join(".#"[int(one)] for one in syntax.inside_strings(source))
    assert found == marks


def test_f_strings_are_one_literal():
    """Whatever Python's version makes of them."""
    found = syntax.inside_strings("f'a{b}c' + d\n").int().tolist()
    assert found == [1] * 7 + [0] * 6


@pytest.mark.parametrize(
    ("source", "marks"),
    [
        ("f(a)\n", ".##.."),
        ("f(a[0], {1})\n", ".###########."[:11] + ".."),
        ("x\n", ".."),
        ("f(')')  # (\n", ".####......."),
        ("f(\n  a\n)\n", ".######.."),
        ("f(f'{a}') + b\n", ".#######......"),
    ],
)
def test_inside_brackets_is_up_to_the_outermost_that_closes(source, marks):
    """Brackets in strings and comments are text; lines do not matter."""
    found = "".join(".#"[int(one)] for one in syntax.inside_brackets(source))
    assert found == marks


def test_scores_are_of_what_one_asks_for():
    """Strings by default, any other labels by name."""
    source = "f(a) + g(b)\n"
    lstm = comparison.make(nn.LSTM, len(characters.ALPHABET), 4, seed=1)
    inside = syntax.inside_brackets(source)
    scores = characters.unit_scores(lstm, source, inside=inside)
    turned = characters.unit_scores(lstm, source, inside=~inside)
    torch.testing.assert_close(scores, 1 - turned)
    assert (scores - 0.5).abs().max() > 0.1


def test_scores_of_all_units_contain_the_best_one():
    """By ranks here, by pairs in the reference; equal states included."""
    source = "a = 'bb'\nc = 'b' + a\n" * 3
    lstm = comparison.make(nn.LSTM, len(characters.ALPHABET), 5, seed=0)
    scores = characters.unit_scores(lstm, source)
    codes = tasks.encode_text(source, characters.ALPHABET)
    inputs = tasks.one_hot(codes, characters.ALPHABET)[:, None]
    from rnnlab import probes  # noqa: PLC0415 - beside its only use

    states = probes.gate_trace(lstm, inputs).cell_states.double()
    inside = syntax.inside_strings(source)[:, None]
    unit, score = find_tracking_unit(states, inside)
    assert scores[unit] == pytest.approx(float(score), abs=1e-12)
    assert ((scores - 0.5).abs() <= (score - 0.5).abs() + 1e-12).all()


def test_cost_of_an_even_guess():
    """The logarithm of the number of characters."""
    width = len(characters.ALPHABET)
    generator = torch.Generator().manual_seed(0)
    layer = comparison.make(nn.LSTM, width, 3, seed=0)
    model = train.Reader(layer, width, generator=generator)
    for parameter in model.readout.parameters():
        nn.init.zeros_(parameter)
    cost = characters.nats(model, "hello, world")
    assert cost == pytest.approx(
        float(torch.tensor(float(width)).log()), rel=1e-5
    )


# The slider

SETTINGS = {
    "label": "Step:",
    "alt": "Two curves.",
    "ticks": (-1, 0, 2),
    "values": ["first <a>", "second"],
    "notes": ["It begins.", "It ends."],
    "letters": True,
}
CURVES = {"a < b": [0.0, 2.0], "other": [-1.0, -5.0]}


def page(**changes):
    """Return the slider of the case above."""
    return trace_slider(
        ["a", "&"], CURVES, settings=SETTINGS | changes, name="t", start=1
    )


def frames(text):
    """Return the data that the script picks from."""
    return json.loads(re.search(r"frames = (\[.*\]);", text)[1])


def test_frames_carry_the_numbers_of_each_step():
    """Numbers as text, with a minus sign, and the place of the mark."""
    first, second = frames(page())
    assert first["texts"] == {"now0": "0.00", "now1": "\N{MINUS SIGN}1.00"}
    assert second["texts"]["now1"] == "\N{MINUS SIGN}5.00"
    assert first["attributes"]["mark"] != second["attributes"]["mark"]
    assert (first["note"], second["value"]) == ("It begins.", "second")


def test_chart_is_there_without_the_script():
    """Curves, letters and the mark at the first place."""
    text = page()
    still = text.partition("<script>")[0]
    assert still.count("<polyline") == 2
    assert ">&amp;</text>" in still
    assert "a &lt; b" in still
    assert frames(text)[1]["attributes"]["mark"][1] in still
    assert ">&amp;</text>" not in page(letters=False)


def test_curves_stay_inside_the_chart():
    """What is beyond the ticks is drawn at the edge."""
    corners = re.findall(r'points="([^"]+)"', page())
    heights = [
        float(corner.split(",")[1]) for c in corners for corner in c.split()
    ]
    lines = re.findall(r'<line x1="\d+" x2="\d+" y1="([\d.]+)"', page())
    assert max(heights) == max(map(float, lines))
    assert min(heights) == min(map(float, lines))

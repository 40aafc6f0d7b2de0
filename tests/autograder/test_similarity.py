"""What was copied is found, what was written apart is not, in bounded time."""

import random
import re
import time

import pytest
from lstm_solutions import INDEPENDENT, INSTRUCTOR, STUB

from autograder import similarity

GIVEN = [STUB, INSTRUCTOR]
#: What the authors named themselves.
NAMES = re.compile(
    r"(?<!\.)\b(?!torch|LSTMState|lstm_step|def|return|for|in|if|else|lambda"
    r"|zip|dict|slice|range|x|weight_|bias_|prev_state|dim|hidden_state=)"
    r"([A-Za-z_]+)\b(?!=)"
)


def renamed(source):
    """Return a solution with every name of its author's replaced."""
    return NAMES.sub(r"my_\1", source)


def laid_out_anew(source):
    """Return a solution with comments, texts and other whitespace."""
    lines = source.strip("\n").split("\n")
    text = '    """I wrote this\n    all by myself."""'
    made = [lines[0], text]
    for line in lines[1:]:
        made += [line.replace(" + ", "  +  ") + "  # so it goes", ""]
    return "\n".join(made)


def reordered(source):
    """Return a solution with its inner statements in another order."""
    lines = source.strip("\n").split("\n")
    inner = lines[1:-1]
    random.Random(3).shuffle(inner)
    return "\n".join([lines[0], *inner, lines[-1]])


DISGUISES = {
    "as it is": lambda source: source,
    "renamed": renamed,
    "laid out": laid_out_anew,
    "reordered": reordered,
    "numbers": lambda source: source.replace("4", "2 * 2").replace("0", "00"),
    "everything": lambda source: laid_out_anew(renamed(reordered(source))),
}


def long_enough():
    """Return who keeps enough of their own to be compared."""
    common = {*similarity.pieces(STUB), *similarity.pieces(INSTRUCTOR)}
    return [
        name
        for name, source in INDEPENDENT.items()
        if len({*similarity.pieces(source)} - common) >= similarity.FEWEST
    ]


def test_most_solutions_can_be_compared():
    """One of the eight is the instructor's in other names; seven are not."""
    assert len(long_enough()) == len(INDEPENDENT) - 1


@pytest.mark.parametrize("way", DISGUISES)
@pytest.mark.parametrize("author", long_enough())
def test_a_copy_is_found(author, way):
    """The copy is the one pair of the class, however it was disguised."""
    copy = DISGUISES[way](INDEPENDENT[author])
    found = similarity.compare({**INDEPENDENT, "copyist": copy}, GIVEN)
    assert [{p.left, p.right} for p in found.pairs] == [{author, "copyist"}]
    assert found.pairs[0].shared >= similarity.FEWEST // 2


def test_who_wrote_alone_is_far_below_the_line():
    """Eight solutions, one idea: the closest two are half way at most."""
    found = similarity.compare(INDEPENDENT, GIVEN)
    assert found.pairs == []
    assert found.highest < similarity.LINE / 2
    assert found.usual < 0.05
    assert (found.compared, found.short) == (7, 1)


def test_what_the_instructor_gave_is_no_sign():
    """Copies of the stub or of the instructor's solution have nothing left."""
    sources = dict.fromkeys("abc", STUB) | dict.fromkeys("de", INSTRUCTOR)
    found = similarity.compare(sources, GIVEN)
    assert (found.pairs, found.compared, found.short) == ([], 0, 0)
    assert found.usual is None


def test_the_first_words_of_a_text_decide_nothing():
    """Swapping who comes first changes neither pairs nor numbers."""
    copies = {**INDEPENDENT, "a-copy": renamed(INDEPENDENT["eve"])}
    turned = dict(reversed(copies.items()))
    assert similarity.compare(copies, GIVEN) == similarity.compare(
        turned, GIVEN
    )


def test_pairs_hang_together_in_groups():
    """Three copies of one and two of another are two groups."""
    sources = {
        "a": INDEPENDENT["eve"],
        "b": renamed(INDEPENDENT["eve"]),
        "c": laid_out_anew(INDEPENDENT["eve"]),
        "d": INDEPENDENT["gil"],
        "e": renamed(INDEPENDENT["gil"]),
    }
    found = similarity.compare(sources, GIVEN)
    assert found.groups == [{"a", "b", "c"}, {"d", "e"}]
    listed = [(p.left, p.right, group) for p, group in found.listed(10)]
    assert listed == [
        ("a", "b", 1),
        ("a", "c", 1),
        ("b", "c", 1),
        ("d", "e", 2),
    ]
    assert len(found.listed(2)) == 2


HOSTILE = {
    "10 MB": "x = 1\n" * 1_700_000,
    "one line": "a" * 10_000_000,
    "no code": "def f(:\n  '''\n\t]]} \0 \ud800 λ = ¬" * 9,
    "nested": "(" * 10_000 + ")" * 10_000,
    "quotes": "f'{" * 5000 + '"""' * 5000,
    "backslashes": "\\" * 20_000,
    "indents": "\n".join(" " * n + "if x:" for n in range(500)),
    "noise": random.Random(0).randbytes(20_000).decode("latin-1"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_source_takes_little_time(kind):
    """It is cut, read as far as it goes, and compared like any other."""
    begin = time.process_time()
    sources = {"eve": HOSTILE[kind], "eva": HOSTILE[kind], **INDEPENDENT}
    found = similarity.compare(sources, GIVEN)
    assert time.process_time() - begin < 3
    others = {*INDEPENDENT} - {"eve"}
    assert not any({p.left, p.right} & others for p in found.pairs)


def test_a_class_of_five_hundred_takes_seconds():
    """Every pair of 500 solutions, all of which differ."""
    random_names = random.Random(1)
    bodies = [
        line
        for source in INDEPENDENT.values()
        for line in source.strip().split("\n")[1:]
    ]
    sources = {
        f"s{n:03d}": "def f(x):\n" + "\n".join(random_names.sample(bodies, 12))
        for n in range(500)
    }
    begin = time.process_time()
    found = similarity.compare(sources, GIVEN)
    assert time.process_time() - begin < 20
    assert found.compared == 500
    assert found.usual < 0.3


def test_words_forget_what_a_learner_chooses():
    """Names, numbers, texts and comments; not keywords or a library's."""
    words = similarity.words
    assert words("y = torch.tanh(x)  # so") == words("a=jax.tanh( b )")
    assert words("y = torch.tanh(x)") != words("y = torch.relu(x)")
    assert words("self.a = 'one'") == words('self.b = f"two"')
    assert words("y = 3") == words("y = 0.5e3")
    assert words("if x: pass") != words("while x: pass")


def test_the_solutions_are_right():
    """Those that the tests compare all do what the instructor's does."""
    torch = pytest.importorskip("torch")
    from rnnlab.layout import LSTMState  # noqa: PLC0415

    draw = {
        "generator": torch.Generator().manual_seed(0),
        "dtype": torch.float64,
    }
    shapes = ((3, 4), (20, 4), (20, 5), (20,), (20,))
    x, *weights = (torch.randn(shape, **draw) for shape in shapes)
    state = LSTMState(*torch.randn(2, 3, 5, **draw))
    came = {}
    for name, source in {**INDEPENDENT, "right": INSTRUCTOR}.items():
        space = {"torch": torch, "LSTMState": LSTMState}
        exec(source, space)  # noqa: S102
        came[name] = space["lstm_step"](x, state, *weights)
    for state in came.values():
        torch.testing.assert_close(state, came["right"])

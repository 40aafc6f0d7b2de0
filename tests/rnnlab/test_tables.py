"""Numbers in words, and tables that escape what they show."""

import math

import pytest
import torch

from rnnlab.plots import tables

TIMES = "\xa0\N{MULTIPLICATION SIGN}\xa0"


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0, 0, "0"),
        (3.1e-4, 1, f"3.1{TIMES}10⁻⁴"),
        (2e10, 0, f"2{TIMES}10¹⁰"),
        (-5.0, 0, f"-5{TIMES}10⁰"),
    ],
)
def test_power(number, digits, text):
    """The factor, the sign and the exponent are the number's."""
    assert tables.power(number, digits) == text


@pytest.mark.parametrize("number", [0.01, 0.0099, 0.5, 99.6, 100, 999, 1000])
def test_short_is_the_number_to_two_digits_or_so(number):
    """Read back, the text is within 6 per cent, and short."""
    text = tables.short(number)
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    mantissa, _, power = text.partition(f"{TIMES}10")
    value = float(mantissa) * 10 ** int(power.translate(raised) or 0)
    assert math.isclose(value, number, rel_tol=0.06)
    assert len(text) <= 9


def test_spread_takes_both_ends():
    """The order of the numbers does not matter."""
    assert tables.spread([0.5, 0.25, 0.3]) == "0.25 to 0.5"


def test_plain_is_two_places_or_a_power():
    """Above a hundredth and from there down."""
    assert tables.plain(0.0149) == "0.01"
    assert tables.plain(0.01) == tables.power(0.01)


def test_median_with_range_has_one_form_for_all_three_numbers():
    """The smallest decides."""
    assert tables.median_with_range(torch.tensor([1.0, 0.5, 0.02])) == (
        "0.50 (0.02 to 1.00)"
    )
    parts = [tables.power(number, 1) for number in (0.5, 0.005, 1.0)]
    assert tables.median_with_range(torch.tensor([1.0, 0.5, 0.005])) == (
        f"{parts[0]} ({parts[1]} to {parts[2]})"
    )


def test_spread_of_what_reads_alike_is_one_number():
    """As it is written, whatever the numbers are behind that."""
    assert tables.spread([0.991, 0.989], "{:.2f}".format) == "0.99"
    assert tables.spread([0.991, 0.98], "{:.2f}".format) == "0.98 to 0.99"


def test_a_table_has_its_cells_and_escapes_them():
    """Headings are headings; text is not markup."""
    pytest.importorskip("IPython")
    text = tables.tabulate(["a", "b < c"], [["row", "<1"]]).data
    assert '<th scope="col">b &lt; c</th>' in text
    assert '<th scope="row">row</th><td>&lt;1</td>' in text

"""Tables and numbers for a page: values in, HTML or text out."""

import html


def power(number, digits=0):
    """Write a number as a multiple of a power of ten.

    Args:
        number: Any finite number.
        digits: Digits after the point of the first factor.

    Returns:
        str: "0" for 0, else the two factors with raised digits.

    Example:
        >>> power(0.00031, 1).split()[-1]
        '10⁻⁴'
    """
    if number == 0:
        return "0"
    mantissa, exponent = f"{number:.{digits}e}".split("e")
    raised = str(int(exponent)).translate(
        str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    )
    times = "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}"
    return f"{mantissa}{times}10{raised}"


def short(number):
    """Write a number above 0 so that it fits the table of a phone.

    Example:
        >>> short(0.5), short(123.4)
        ('0.5', '123')
    """
    if 0.01 <= number < 1000:
        return f"{number:.2g}" if number < 100 else f"{number:.0f}"
    return power(number)


def spread(numbers, show=short):
    """Write the smallest and the largest of some numbers.

    Args:
        numbers: At least one.
        show: Maps a number to its text; ``"{:.1%}".format`` is one.

    Returns:
        str: both texts, or one where they read alike.

    Example:
        >>> spread([0.5, 0.25]), spread([0.251, 0.252], "{:.2f}".format)
        ('0.25 to 0.5', '0.25')
    """
    low, high = (show(float(pick(numbers))) for pick in (min, max))
    return low if low == high else f"{low} to {high}"


def plain(number):
    """Write a number to two places, and a small one as a power of ten.

    Example:
        >>> plain(0.256), plain(0.004) == power(0.004)
        ('0.26', True)
    """
    return f"{number:.2f}" if number > 0.01 else power(number)


def median_with_range(values):
    """Write the median of some numbers, their range in brackets.

    Args:
        values: A tensor of one axis.

    Example:
        >>> import torch
        >>> median_with_range(torch.tensor([0.5, 0.25, 0.75]))
        '0.50 (0.25 to 0.75)'
    """
    large = values.min() > 0.01
    form = "{:.2f}".format if large else lambda value: power(value, 1)
    return f"{form(float(values.median()))} ({spread(values, form)})"


def tabulate(header, rows):
    """Return a table of a page; the first cell of each row is its heading.

    The class "dataframe" keeps the theme from putting a light plate under it
    in dark mode.

    Args:
        header: Texts of the head.
        rows: Texts of each row.

    Returns:
        IPython.display.HTML: the table, in a box that scrolls where it is
        wider than the page.
    """
    from IPython.display import HTML  # noqa: PLC0415  not a requirement

    head = "".join(f'<th scope="col">{html.escape(h)}</th>' for h in header)
    body = "".join(
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return HTML(
        '<div style="overflow-x: auto" tabindex="0" role="region" '
        f'aria-label="table: {html.escape(header[-1])}">'
        f'<table class="table dataframe"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )

"""Mistakes in combine."""

from reference.catalogue import mistake


@mistake(
    "combine",
    "You apply the later step first: it is the later gate that "
    "multiplies the earlier value.",
)
def later_step_first(earlier, later):
    """Swap the two steps."""
    gate, value = earlier
    other_gate, other_value = later
    return gate * other_gate, gate * other_value + value


@mistake(
    "combine",
    "You add the two values as they are; the earlier one still goes "
    "through the later gate.",
)
def values_added(earlier, later):
    """Forget the gate between them."""
    return earlier[0] * later[0], earlier[1] + later[1]


@mistake(
    "combine",
    "You add the two gates; two steps in a row multiply by both.",
)
def gates_added(earlier, later):
    """Add where one must multiply."""
    return earlier[0] + later[0], later[0] * earlier[1] + later[1]


@mistake(
    "combine",
    "Your gate is the later one; the state before both steps is "
    "multiplied by the earlier one too.",
)
def later_gate_alone(earlier, later):
    """Keep only the later gate."""
    return later[0] * 1, later[0] * earlier[1] + later[1]


@mistake(
    "combine",
    "Your gate is the earlier one; the state before both steps is "
    "multiplied by the later one too.",
)
def earlier_gate_alone(earlier, later):
    """Keep only the earlier gate."""
    return earlier[0] * 1, later[0] * earlier[1] + later[1]


@mistake(
    "combine",
    "Your value lacks what the later step adds.",
)
def later_value_missing(earlier, later):
    """Leave the later value out."""
    return earlier[0] * later[0], later[0] * earlier[1]


@mistake(
    "combine",
    "Your value lacks what the earlier step added; the later gate lets "
    "a part of it through.",
)
def earlier_value_missing(earlier, later):
    """Leave the earlier value out."""
    return earlier[0] * later[0], later[1] * 1


@mistake(
    "combine",
    "Your earlier value is multiplied by its own gate, which acts "
    "before the value is added; the later gate comes after it.",
)
def earlier_gate_on_the_earlier_value(earlier, later):
    """Multiply by the wrong gate."""
    gate, value = earlier
    return gate * later[0], gate * value + later[1]


@mistake(
    "combine",
    "Your earlier value is multiplied by both gates; its own gate acts "
    "before it is added.",
)
def both_gates_on_the_earlier_value(earlier, later):
    """Multiply by the product of the gates."""
    gate = earlier[0] * later[0]
    return gate, gate * earlier[1] + later[1]


@mistake(
    "combine",
    "Your later value is multiplied by its own gate; it is added after "
    "the gate.",
)
def later_gate_on_both_values(earlier, later):
    """Set the brackets wrong."""
    gate = later[0]
    return earlier[0] * gate, gate * (earlier[1] + later[1])


@mistake(
    "combine",
    "You return the value first; a step is (gate, value).",
)
def value_before_gate(earlier, later):
    """Return the pair the wrong way round."""
    value = later[0] * earlier[1] + later[1]
    return value, earlier[0] * later[0]

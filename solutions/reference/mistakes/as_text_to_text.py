"""Mistakes in as_text_to_text."""

from reference.catalogue import mistake


def write(target, labels, score=lambda number: f"{round(5 * number) / 5:.1f}"):
    """Return a target as a text."""
    if labels:
        return labels[target]
    return score(target) if isinstance(target, float) else str(target)


def say(task, fields, between=" ", form="{}: {}"):
    """Return the input text."""
    named = [form.format(name, text) for name, text in fields.items()]
    return between.join([task, *named])


@mistake(
    "as_text_to_text",
    "Your input text does not name the task; without it the model "
    "cannot know which one is meant.",
)
def task_left_out(task, fields, target, labels=()):
    """Leave the prefix out."""
    return say(task, fields)[len(task) + 1 :], write(target, labels)


@mistake(
    "as_text_to_text",
    "Your input text lacks the names of the fields.",
)
def names_left_out(task, fields, target, labels=()):
    """Give the texts alone."""
    return say(task, fields, form="{1}"), write(target, labels)


@mistake(
    "as_text_to_text",
    "Your task stands at the end; put it in front.",
)
def task_at_the_end(task, fields, target, labels=()):
    """Append the prefix."""
    said = say(task, fields)[len(task) + 1 :]
    return f"{said} {task}", write(target, labels)


@mistake(
    "as_text_to_text",
    "You put a colon after the task; only a field's name has one.",
)
def colon_after_the_task(task, fields, target, labels=()):
    """Write the task like a field."""
    return say(f"{task}:", fields), write(target, labels)


@mistake(
    "as_text_to_text",
    "Your fields stand on lines of their own; put one space between them.",
)
def fields_on_lines(task, fields, target, labels=()):
    """Join with line breaks."""
    return say(task, fields, "\n"), write(target, labels)


@mistake(
    "as_text_to_text",
    "You put commas between the parts; put one space between them.",
)
def fields_with_commas(task, fields, target, labels=()):
    """Join with commas."""
    return say(task, fields, ", "), write(target, labels)


@mistake(
    "as_text_to_text",
    "The space after a field's colon is missing.",
)
def no_space_after_the_colon(task, fields, target, labels=()):
    """Forget a space."""
    return say(task, fields, form="{}:{}"), write(target, labels)


@mistake(
    "as_text_to_text",
    "You write the label's index; the model is to write the word, "
    "labels[target].",
)
def label_as_a_number(task, fields, target, labels=()):
    """Keep the index."""
    del labels
    return say(task, fields), write(target, ())


@mistake(
    "as_text_to_text",
    "You write a score as it is; round it to fifths, so that few texts "
    "are possible.",
)
def score_not_rounded(task, fields, target, labels=()):
    """Write the number out."""
    return say(task, fields), write(target, labels, str)


@mistake(
    "as_text_to_text",
    "You round a score to tenths; to the nearest 0.2 is asked for.",
)
def score_rounded_to_tenths(task, fields, target, labels=()):
    """Format with one decimal."""
    return say(task, fields), write(target, labels, "{:.1f}".format)


@mistake(
    "as_text_to_text",
    "You round a score to a whole number; to the nearest 0.2 is asked for.",
)
def score_rounded_to_a_whole(task, fields, target, labels=()):
    """Round to whole numbers."""
    return say(task, fields), write(target, labels, "{:.0f}".format)


@mistake(
    "as_text_to_text",
    "You round a score down to a fifth; take the nearest one.",
)
def score_rounded_down(task, fields, target, labels=()):
    """Cut off instead of rounding."""
    return say(task, fields), write(
        target, labels, lambda number: f"{number * 5 // 1 / 5:.1f}"
    )


@mistake(
    "as_text_to_text",
    "You return the target text first; the input text comes first.",
)
def texts_swapped(task, fields, target, labels=()):
    """Swap the pair."""
    return write(target, labels), say(task, fields)

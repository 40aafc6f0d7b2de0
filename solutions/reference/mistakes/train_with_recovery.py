"""Mistakes in train_with_recovery."""

import copy

import torch

from reference.catalogue import mistake
from reference.clipping import clip_by_norm, clip_by_value
from reference.mistakes.recovery_parts import (
    clip_always,
    go_back,
    is_bad,
    loop,
    nothing,
    stop,
)

_NAME = "train_with_recovery"


@mistake(
    _NAME, "You look at the loss alone. Its gradient can be NaN or Inf too."
)
def gradient_not_looked_at(*arguments):
    """Trust a finite loss."""
    return loop(arguments, is_bad=lambda run: not run.loss.isfinite())


@mistake(
    _NAME, "You look at the gradient alone. The loss can be NaN or Inf too."
)
def loss_not_looked_at(*arguments):
    """Trust a finite gradient."""
    return loop(arguments, is_bad=lambda run: not run.norm.isfinite())


@mistake(_NAME, "You look for NaN alone; Inf passes. isfinite covers both.")
def inf_overlooked(*arguments):
    """Ask isnan."""
    return loop(
        arguments,
        is_bad=lambda run: run.loss.isnan() or run.norm.isnan(),
    )


@mistake(
    _NAME,
    "Your parameters go back, the optimizer's momentum does not.",
)
def optimizer_not_restored(*arguments):
    """Load half of the checkpoint."""
    return loop(arguments, go_back=lambda run: go_back(run, optimizer=False))


@mistake(
    _NAME,
    "Your optimizer goes back, the parameters do not: not loaded, or never "
    "copied.",
)
def parameters_not_restored(*arguments):
    """Load the other half of the checkpoint."""
    return loop(arguments, go_back=lambda run: go_back(run, model=False))


@mistake(
    _NAME,
    "Your checkpoint is the live state itself: state_dict() without a copy.",
)
def checkpoint_not_copied(*arguments):
    """Keep references, which follow the training."""
    return loop(
        arguments,
        save=lambda run: (run.model.state_dict(), run.optimizer.state_dict()),
    )


@mistake(
    _NAME,
    "A bad step is skipped but nothing goes back: nothing is loaded, or what "
    "is saved is the state after the step before.",
)
def stays_where_it_is(*arguments):
    """Skip the step, which does not undo the one that did the harm."""
    return loop(arguments, go_back=nothing)


@mistake(_NAME, "After going back you still step, with the bad gradient.")
def steps_on_the_bad_gradient(*arguments):
    """Forget the continue."""
    return loop(
        arguments,
        after_going_back=lambda run: run.optimizer.step(),
    )


@mistake(
    _NAME, "You clip from the first step on; clip only once it went back."
)
def clips_from_the_beginning(*arguments):
    """Clip always."""
    return loop(arguments, clip=clip_always)


@mistake(
    _NAME,
    "None of your steps is clipped: clipping is missing or comes too late.",
)
def never_clips(*arguments):
    """Run into the same wall again."""
    return loop(arguments, clip=nothing)


@mistake(_NAME, "You clip one step after going back; clip from then on.")
def clips_one_step(*arguments):
    """Forget the threshold after one step."""

    def clip(run):
        if run.went_back[-1:] == [run.step - 1]:
            clip_always(run)

    return loop(arguments, clip=clip)


@mistake(_NAME, "You clip each tensor by its own norm once it went back.")
def clips_each_tensor(*arguments):
    """Clip tensor by tensor."""

    def clip(run):
        if run.went_back:
            for parameter in run.model.parameters():
                clip_by_norm([parameter], run.max_norm)

    return loop(arguments, clip=clip)


@mistake(_NAME, "You clip by value once it went back; clip by norm.")
def clips_by_value(*arguments):
    """Use the other clipping."""

    def clip(run):
        if run.went_back:
            clip_by_value(run.model.parameters(), run.max_norm)

    return loop(arguments, clip=clip)


@mistake(
    _NAME,
    "You go back to the very beginning, not to the last good checkpoint.",
)
def restores_the_start(*arguments):
    """Save once."""

    def restart(run):
        run.checkpoint = copy.deepcopy(run.start)
        go_back(run)

    return loop(arguments, go_back=restart)


@mistake(
    _NAME,
    "You go back one step too far: the checkpoint before the last one.",
)
def one_checkpoint_too_far(*arguments):
    """Load the checkpoint before the last."""

    def too_far(run):
        run.checkpoint = getattr(run, "older", run.start)
        go_back(run)

    def remember(run):
        run.older, run.newer = getattr(run, "newer", run.start), run.checkpoint

    return loop(arguments, go_back=too_far, after=remember)


@mistake(_NAME, "Gradients of earlier steps add up: zero_grad is missing.")
def gradients_never_cleared(*arguments):
    """Never clear."""
    return loop(arguments, clear=nothing)


@mistake(
    _NAME,
    "A skipped step leaves its bad gradient behind: zero_grad comes too late.",
)
def bad_gradient_left_behind(*arguments):
    """Clear after the step, which a bad step never reaches."""
    return loop(
        arguments,
        clear=nothing,
        after=lambda run: run.optimizer.zero_grad(),
    )


@mistake(
    _NAME, "Training ends at the first bad step; go on with the next batch."
)
def stops_at_the_first_bad_step(*arguments):
    """Write break where continue belongs."""
    return loop(arguments, after_going_back=stop)


@mistake(_NAME, "You count steps from 1; the first batch is step 0.")
def counted_from_one(*arguments):
    """Note the step's number, not its index."""
    return loop(arguments, note=lambda run: run.step + 1)


@mistake(_NAME, "You note the step you went back to, not the one you left.")
def notes_the_target(*arguments):
    """Note where the checkpoint was taken."""

    def remember(run):
        run.saved_at = run.step

    return loop(
        arguments,
        note=lambda run: getattr(run, "saved_at", 0),
        after=remember,
    )


@mistake(
    _NAME, "Only the first bad step is caught; later ones are stepped on."
)
def goes_back_once(*arguments):
    """Stop watching after the first time."""
    return loop(
        arguments,
        is_bad=lambda run: not run.went_back and is_bad(run),
    )


@mistake(
    _NAME, "You replace Inf and NaN by 0 and step; going back is asked for."
)
def gradient_patched(*arguments):
    """Repair the gradient and carry on."""

    def patch(run):
        for parameter in run.model.parameters():
            parameter.grad = torch.nan_to_num(parameter.grad, 0, 0, 0)
        run.optimizer.step()

    return loop(arguments, go_back=nothing, after_going_back=patch)

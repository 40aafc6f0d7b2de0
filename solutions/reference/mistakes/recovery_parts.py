"""A loop that goes back, with every decision open to a mistake."""

import copy
from types import SimpleNamespace

import torch

from reference.clipping import clip_by_norm, global_gradient_norm


def loop(arguments, **choices):
    """Train with recovery, but for the choices given.

    Args:
        arguments: What train_with_recovery is called with.
        **choices: Any of the names in ``right``; each is a function of the
            run, a namespace that carries all there is to decide by.

    Returns:
        list[int]: steps at which it went back.
    """
    model, optimizer, batches, loss_fn, max_norm = arguments
    run = SimpleNamespace(
        model=model, optimizer=optimizer, max_norm=max_norm, went_back=[]
    )
    choose = SimpleNamespace(**{**right(), **choices})
    run.start = run.checkpoint = choose.save(run)
    for run.step, run.batch in enumerate(batches):
        choose.clear(run)
        run.loss = loss_fn(model, run.batch)
        run.loss.backward()
        run.norm = global_gradient_norm(model.parameters())
        choose.before(run)
        if choose.is_bad(run):
            choose.go_back(run)
            run.went_back.append(choose.note(run))
            if choose.after_going_back(run) == "stop":
                break
            continue
        run.checkpoint = choose.save(run)
        choose.clip(run)
        optimizer.step()
        choose.after(run)
    return run.went_back


def right():
    """Return the right choices."""
    return {
        "save": save,
        "clear": lambda run: run.optimizer.zero_grad(),
        "before": nothing,
        "is_bad": is_bad,
        "go_back": go_back,
        "note": lambda run: run.step,
        "after_going_back": nothing,
        "clip": clip_after_first,
        "after": nothing,
    }


def nothing(run):
    """Do nothing."""
    del run


def save(run):
    """Return copies of both states."""
    return copy.deepcopy((run.model.state_dict(), run.optimizer.state_dict()))


def is_bad(run):
    """Return whether loss or gradient norm are not finite."""
    return not (torch.isfinite(run.loss) and torch.isfinite(run.norm))


def go_back(run, model=True, optimizer=True):
    """Load the checkpoint, or one half of it."""
    if model:
        run.model.load_state_dict(run.checkpoint[0])
    if optimizer:
        run.optimizer.load_state_dict(run.checkpoint[1])


def clip_after_first(run):
    """Clip by norm once it ever went back."""
    if run.went_back:
        clip_by_norm(run.model.parameters(), run.max_norm)


def clip_always(run):
    """Clip by norm, whatever happened."""
    clip_by_norm(run.model.parameters(), run.max_norm)


def stop(run):
    """End the loop."""
    del run
    return "stop"

"""Training of several deep networks at once, none of which feels another."""

import torch

from rnnlab import depth


def train_side_by_side(nets, seeds, make_optimizer, *, updates, batch_size=64):
    """Train networks of one kind on spirals, each with data of its own.

    Their losses are added up, so no network feels another one.

    Args:
        nets: DeepNets of the same layers; changed in place.
        seeds: Seed of each network's data.
        make_optimizer: Maps a list of parameters to an optimizer.
        updates: Number of updates, each on fresh points.
        batch_size: Number of points in a batch.

    Shapes:
        returns: (nets, updates)

    Returns:
        Tensor: loss of each batch, before the update on it.
    """
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    stacked, _ = torch.func.stack_module_state(nets)
    model = torch.func.vmap(
        lambda drawn, x: torch.func.functional_call(nets[0], drawn, (x,))
    )
    optimizer = make_optimizer(list(stacked.values()))
    losses = []
    for _ in range(updates):
        samples = [depth.spirals(batch_size, each) for each in generators]
        inputs, targets = (
            torch.stack(part) for part in zip(*samples, strict=True)
        )
        loss = torch.func.vmap(depth.spiral_loss)(
            model(stacked, inputs), targets
        )
        optimizer.zero_grad()
        loss.sum().backward()
        optimizer.step()
        losses.append(loss.detach())
    with torch.no_grad():
        for place, net in enumerate(nets):
            for name, parameter in net.named_parameters():
                parameter.copy_(stacked[name][place])
    return torch.stack(losses, dim=1)

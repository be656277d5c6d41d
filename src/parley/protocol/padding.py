"""How much is added to a size so that it tells little: Padmé. Source: Spec §5.1.13."""


def padded(size: int) -> int:
    """Return the Padmé size: at most 12 % more, and it tells only the order of magnitude."""
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask

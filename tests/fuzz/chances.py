"""Random choices that become simpler as what is drawn becomes smaller, so that hypothesis can
shrink what is made of them."""

from random import Random

STEPS = 1000


def likely(random: Random, probability: float) -> bool:
    """True with this probability; False where the smallest number is drawn."""
    return random.randrange(STEPS) >= STEPS * (1 - probability)

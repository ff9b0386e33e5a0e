"""The drawn parts of a certificate: the frame of a full print, the ruler of a test print. Never a seal."""

from functools import lru_cache
from math import cos, pi, sin

GOLD, PALE_GOLD, RED, CREAM, GLOW = "#a9791c", "#d3b25f", "#a81c26", "#fffdf7", "#fcf6e6"
WIDTH, HEIGHT = 297, 210
BAND_IN, BAND_OUT = 12.6, 17.4  # where the plaited band runs, in mm from the edge
CORNER = 23.5  # where it leaves room for the corners
PERIOD = 7
TICK_EVERY, LONG_TICK, MARK_EVERY = 1, 10, 50


@lru_cache(maxsize=1)
def frame():
    """The SVG of the frame, A4 landscape, in millimetres."""
    parts = [
        outline(7.5, GOLD, 1.3),
        outline(9.3, PALE_GOLD, 0.35),
        f'<rect x="10.2" y="10.2" width="{WIDTH - 20.4}" height="{HEIGHT - 20.4}" fill="{CREAM}"/>',
        glow(WIDTH / 2, 112, 62),
        plait(),
        outline(10.9, RED, 0.5),
        outline(19.1, RED, 0.5),
        outline(20.2, PALE_GOLD, 0.3),
        *(corner(x, y) for x in (15, WIDTH - 15) for y in (15, HEIGHT - 15)),
        rule(WIDTH / 2, 41.5, 26),
        rule(WIDTH / 2, 79.6, 44),
    ]
    return svg(WIDTH, HEIGHT, parts)


def svg(width, height, parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'
    )


def outline(inset, color, width):
    return (
        f'<rect x="{inset}" y="{inset}" width="{WIDTH - 2 * inset}" height="{HEIGHT - 2 * inset}" '
        f'fill="none" stroke="{color}" stroke-width="{width}"/>'
    )


def plait():
    """Two waves that cross each other, along the four sides."""
    middle, height = (BAND_IN + BAND_OUT) / 2, (BAND_OUT - BAND_IN) / 2
    across, down = WIDTH - 2 * CORNER, HEIGHT - 2 * CORNER
    runs = []
    for side in (1, -1):
        for y in (middle, HEIGHT - middle):
            runs.append(wave(CORNER, y, across, height * side))
        for x in (middle, WIDTH - middle):
            runs.append(
                f'<g transform="translate({x} 0) rotate(90)">{wave(CORNER, 0, down, height * side)}</g>'
            )
    beads = [bead(x, y) for x, y in bead_places(middle, across, down)]
    waves = f'<g fill="none" stroke="{GOLD}" stroke-width=".45">{"".join(runs)}</g>'
    return f'{waves}<g fill="{RED}">{"".join(beads)}</g>'


def steps_of(length):
    return round(length / PERIOD)


def wave(x, y, length, height):
    """Half waves of a sine, each one Bézier curve."""
    steps = steps_of(length)
    step = length / steps
    reach = step * 0.3642  # the handle that follows a half sine best
    parts = [f"M{x:.2f} {y:.2f}"]
    for number in range(steps):
        bend = height * (1 if number % 2 == 0 else -1) * 1.33
        start = x + number * step
        parts.append(
            f"C{start + reach:.2f} {y + bend:.2f} {start + step - reach:.2f} {y + bend:.2f} "
            f"{start + step:.2f} {y:.2f}"
        )
    return f'<path d="{"".join(parts)}"/>'


def bead_places(middle, across, down):
    """The middle of each eye of the plait."""
    for number in range(steps_of(across)):
        x = CORNER + (number + 0.5) * across / steps_of(across)
        yield x, middle
        yield x, HEIGHT - middle
    for number in range(steps_of(down)):
        y = CORNER + (number + 0.5) * down / steps_of(down)
        yield middle, y
        yield WIDTH - middle, y


def bead(x, y):
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r=".55"/>'


def corner(x, y):
    """A flower of eight petals in a ring."""
    petals = []
    for number in range(8):
        turn = number * 45
        petals.append(
            f'<path transform="rotate({turn})" d="M0 0C1.5 -1.2 1.5 -3 0 -4C-1.5 -3 -1.5 -1.2 0 0" '
            f'fill="{PALE_GOLD if number % 2 else GOLD}"/>'
        )
    return (
        f'<g transform="translate({x} {y})">'
        f'<rect x="-5.4" y="-5.4" width="10.8" height="10.8" fill="{CREAM}"/>'
        f'<circle r="4.7" fill="none" stroke="{GOLD}" stroke-width=".45"/>{"".join(petals)}'
        f'<circle r="1" fill="{RED}"/></g>'
    )


def glow(x, y, radius):
    """A sunburst behind the text, so pale that it never disturbs reading."""
    rays = []
    for number in range(36):
        turn = number * pi / 18
        left, right = turn - pi / 80, turn + pi / 80
        inner = radius * 0.3
        rays.append(
            f"M{x + inner * cos(turn):.2f} {y + inner * sin(turn):.2f}"
            f"L{x + radius * cos(left):.2f} {y + radius * sin(left):.2f}"
            f"L{x + radius * cos(right):.2f} {y + radius * sin(right):.2f}Z"
        )
    return f'<path d="{"".join(rays)}" fill="{GLOW}"/>'


def rule(x, y, half):
    """A thin rule with a lozenge in its middle."""
    lozenge = f"M{x} {y - 1.3}L{x + 1.9} {y}L{x} {y + 1.3}L{x - 1.9} {y}Z"
    sides = f"M{x - half} {y}L{x - 3.6} {y}M{x + 3.6} {y}L{x + half} {y}"
    return (
        f'<path d="{lozenge}" fill="{RED}"/><path d="{sides}" stroke="{GOLD}" stroke-width=".5" fill="none"/>'
    )


def ruler(width, height):
    """Ticks of a millimetre along the edges and crosses in the corners and the middle, for a test print."""
    ticks = []
    for place in range(0, width + 1, TICK_EVERY):
        reach = tick_length(place)
        ticks.append(f"M{place} 0V{reach}M{place} {height}V{height - reach}")
    for place in range(0, height + 1, TICK_EVERY):
        reach = tick_length(place)
        ticks.append(f"M0 {place}H{reach}M{width} {place}H{width - reach}")
    crosses = [
        f"M{x - 6} {y}H{x + 6}M{x} {y - 6}V{y + 6}"
        for x, y in (
            (20, 20),
            (width - 20, 20),
            (20, height - 20),
            (width - 20, height - 20),
            (width / 2, height / 2),
        )
    ]
    return svg(
        width,
        height,
        [
            f'<path d="{"".join(ticks)}" stroke="#000" stroke-width=".12" fill="none"/>',
            f'<path d="{"".join(crosses)}" stroke="{RED}" stroke-width=".25" fill="none"/>',
        ],
    )


def tick_length(place):
    if place % MARK_EVERY == 0:
        return 12
    return 8 if place % LONG_TICK == 0 else 5 if place % 5 == 0 else 3

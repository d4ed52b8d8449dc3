// Seeded randomness: a failing run can be repeated.

/** A generator of numbers from 0 to 1 (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Choices made with `random`. */
export const choices = (random) => ({
  below: (bound) => Math.floor(random() * bound),
  one: (list) => list[Math.floor(random() * list.length)],
  chance: (share) => random() < share,
});

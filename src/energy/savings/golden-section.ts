const golden = (Math.sqrt(5) - 1) / 2

/** The place from 0 to 1 where a function of one hill is highest. */
export function goldenSection(f: (t: number) => number): number {
  let [low, high] = [0, 1]
  let [a, b] = [1 - golden, golden]
  let [fa, fb] = [f(a), f(b)]
  for (let step = 0; step < 40; step += 1) {
    if (fa >= fb) {
      ;[high, b, fb] = [b, a, fa]
      a = high - golden * (high - low)
      fa = f(a)
    } else {
      ;[low, a, fa] = [a, b, fb]
      b = low + golden * (high - low)
      fb = f(b)
    }
  }
  const middle = (low + high) / 2
  return [0, 1, middle].reduce((best, t) => (f(t) > f(best) ? t : best), middle)
}

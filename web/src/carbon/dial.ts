/** A point on a dial that goes from left to right over the top, in units of its radius from its middle. */
export function dialPoint(share: number): { readonly x: number; readonly y: number } {
  const angle = Math.PI * (1 - Math.min(1, Math.max(0, share)))
  return { x: Math.cos(angle), y: -Math.sin(angle) }
}

/** An arc of a dial as the path of an SVG. */
export function dialArc(fromShare: number, toShare: number, radius: number): string {
  const [from, to] = [dialPoint(fromShare), dialPoint(Math.max(fromShare, toShare))]
  const at = ({ x, y }: { readonly x: number; readonly y: number }): string =>
    `${(x * radius).toFixed(2)} ${(y * radius).toFixed(2)}`
  return `M${at(from)}A${radius} ${radius} 0 0 1 ${at(to)}`
}

/** The end of a dial: a round number beyond everything that stands on it. */
export function dialEnd(values: readonly number[]): number {
  const most = 1.15 * Math.max(...values, Number.MIN_VALUE)
  const step = 10 ** Math.floor(Math.log10(most))
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((times) => times * step).find((end) => end >= most) ?? most
}

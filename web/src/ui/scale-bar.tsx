import { formatNumber } from '../format/numbers.ts'
import './scale-bar.css'

/** A bar is at most so long, CSS pixels. */
const longestPx = 120

/** The greatest length of 1, 2 or 5 with zeros that is not longer, m. */
export function roundLengthM(mostM: number): number {
  const power = 10 ** Math.floor(Math.log10(mostM))
  return ([5, 2, 1].find((factor) => factor * power <= mostM) ?? 1) * power
}

/** How long a stretch of a map is. */
export function ScaleBar({ metresPerPx }: { readonly metresPerPx: number }) {
  const lengthM = roundLengthM(longestPx * metresPerPx)
  const text = lengthM >= 1000 ? `${formatNumber(lengthM / 1000)} km` : `${formatNumber(lengthM)} m`
  return (
    <span className="scale-bar" style={{ width: lengthM / metresPerPx }}>
      {text}
    </span>
  )
}

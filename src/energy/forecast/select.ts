/**
 * Puts the value of rank `rank` (0 = least) of `values[from, to)` at its place and returns it; the order of the rest
 * changes. Hoare's selection, Communications of the ACM 4 (1961) 321, with the middle as pivot.
 */
export function selectRank(values: Float64Array, rank: number, from: number = 0, to: number = values.length): number {
  let low = from
  let high = to - 1
  const wanted = from + rank
  while (low < high) {
    const pivot = values[(low + high) >> 1]!
    let left = low
    let right = high
    while (left <= right) {
      while (values[left]! < pivot) left += 1
      while (values[right]! > pivot) right -= 1
      if (left > right) break
      const swapped = values[left]!
      values[left] = values[right]!
      values[right] = swapped
      left += 1
      right -= 1
    }
    if (wanted <= right) high = right
    else if (wanted >= left) low = left
    else break
  }
  return values[wanted]!
}

/** Quantile of the present values by linear interpolation between ranks (Hyndman & Fan 1996, type 7); NaN of none. */
export function quantileOf(values: ArrayLike<number>, level: number): number {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value))
  if (sorted.length === 0) return Number.NaN
  const place = level * (sorted.length - 1)
  const rank = Math.floor(place)
  const low = selectRank(sorted, rank)
  if (rank + 1 >= sorted.length || place === rank) return low
  return low + (place - rank) * (selectRank(sorted, rank + 1) - low)
}

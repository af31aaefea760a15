/** What days are compared by: one array a quantity with a value a step, already weighed against each other. */
export type Profile = readonly Float64Array[]

/**
 * Puts days that are alike into one group, until so many groups are left: hierarchical clustering by Ward's distance of all
 * their steps (Ward 1963, J. Am. Stat. Assoc. 58; for energy systems Nahmmacher et al. 2016, Energy 112). The nearest pair is
 * joined first; of equally near ones the earliest.
 *
 * @returns group of each day, numbered in the order in which they first appear
 */
export function groupAlikeDays(profile: Profile, stepsPerDay: number, groups: number): Int32Array {
  const days = Math.floor((profile[0]?.length ?? 0) / stepsPerDay)
  const means = Array.from({ length: days }, (_, day) => {
    const mean = new Float64Array(profile.length * stepsPerDay)
    profile.forEach((values, index) => {
      mean.set(values.subarray(day * stepsPerDay, (day + 1) * stepsPerDay), index * stepsPerDay)
    })
    return mean
  })
  const members = new Float64Array(days).fill(1)
  const groupOf = Int32Array.from({ length: days }, (_, day) => day)
  const nearest = new Int32Array(days).fill(-1)
  const distance = new Float64Array(days).fill(Number.POSITIVE_INFINITY)
  const find = (a: number): void => {
    distance[a] = Number.POSITIVE_INFINITY
    nearest[a] = -1
    for (let b = 0; b < days; b += 1) {
      if (b === a || members[b] === 0) continue
      const weight = (members[a]! * members[b]!) / (members[a]! + members[b]!)
      const apart: number = weight * squaredDistance(means[a]!, means[b]!, distance[a]! / weight)
      if (apart >= distance[a]!) continue
      distance[a] = apart
      nearest[a] = b
    }
  }
  for (let day = 0; day < days; day += 1) find(day)
  for (let left = days; left > Math.max(1, groups); left -= 1) {
    let a = -1
    for (let day = 0; day < days; day += 1) {
      if (members[day]! > 0 && nearest[day]! >= 0 && (a < 0 || distance[day]! < distance[a]!)) a = day
    }
    if (a < 0) break
    const b = nearest[a]!
    const [own, others] = [means[a]!, means[b]!]
    const sum = members[a]! + members[b]!
    for (let at = 0; at < own.length; at += 1) own[at] = (own[at]! * members[a]! + others[at]! * members[b]!) / sum
    members[a] = sum
    members[b] = 0
    for (let day = 0; day < days; day += 1) if (groupOf[day] === b) groupOf[day] = a
    for (let day = 0; day < days; day += 1) {
      if (members[day]! > 0 && (day === a || nearest[day] === a || nearest[day] === b)) find(day)
    }
  }
  const numbers = new Map<number, number>()
  return groupOf.map((group) => {
    const number = numbers.get(group) ?? numbers.size
    numbers.set(group, number)
    return number
  })
}

/** Squared distance of two points; more than `enough` is as good as endless. */
function squaredDistance(a: Float64Array, b: Float64Array, enough: number): number {
  let sum = 0
  for (let at = 0; at < a.length; at += 1) {
    const apart = a[at]! - b[at]!
    sum += apart * apart
    if (sum > enough) return Number.POSITIVE_INFINITY
  }
  return sum
}

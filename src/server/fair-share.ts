/** Whose share something counts in, from the outermost circle to the innermost: a tenant, then one of its credentials. */
export type Holder = readonly string[]

export interface ShareFigures {
  /** What all hold. */
  readonly held: number
  readonly most: number
  /** How many hold something, by their innermost circle. */
  readonly holders: number
}

/** Parts a bounded room among those who want it at the moment. */
export interface FairShare {
  /** What a holder may hold at most at this moment, with what it holds. @param but what of that is about to be replaced */
  share(holder: Holder, but?: number): number
  /** What a holder holds. */
  held(holder: Holder): number
  /** Whether it may hold so much more. @param but as for {@link share}: counted as not held */
  fits(holder: Holder, more: number, but?: number): boolean
  /** Takes so much; less than nothing gives it back. */
  take(holder: Holder, amount: number): void
  figures(): ShareFigures
}

/**
 * Whoever holds something may hold half of what the others leave, and whoever holds nothing all that is left. So one alone holds
 * half at most, n who all want more hold 1/(n + 1) each, and as much stays free for whoever comes next: nobody has to be asked to
 * give anything back. It is the dynamic threshold of Choudhury and Hahne (1998, "Dynamic queue length thresholds for shared-memory
 * packet switches", IEEE/ACM Transactions on Networking 6(2), equation 1, with α = 1), once among tenants, and within the share of
 * a tenant once among its credentials. What is too large for all is let in where nobody else holds anything.
 */
export function createFairShare(most: number): FairShare {
  /** What is held by circle; a circle within another has a longer name. */
  const circles = new Map<string, number>()
  let all = 0
  let holders = 0
  const nameOf = (holder: Holder, depth: number): string => JSON.stringify(holder.slice(0, depth))
  const heldIn = (holder: Holder, depth: number): number =>
    depth === 0 ? all : (circles.get(nameOf(holder, depth)) ?? 0)
  const held = (holder: Holder): number => heldIn(holder, holder.length)
  const share: FairShare['share'] = (holder, but = 0) => {
    let room = most
    for (let depth = 1; depth <= holder.length; depth += 1) {
      const own = heldIn(holder, depth) - but
      const left = room - (heldIn(holder, depth - 1) - but - own)
      room = own > 0 ? left / 2 : left
    }
    return Math.max(0, Math.floor(room))
  }
  return {
    share,
    held,
    fits: (holder, more, but = 0) => all - but === 0 || held(holder) - but + more <= share(holder, but),
    take(holder, amount) {
      all += amount
      for (let depth = 1; depth <= holder.length; depth += 1) {
        const name = nameOf(holder, depth)
        const now = (circles.get(name) ?? 0) + amount
        if (depth === holder.length) holders += Number(now !== 0) - Number(circles.has(name))
        if (now === 0) circles.delete(name)
        else circles.set(name, now)
      }
    },
    figures: () => ({ held: all, most, holders }),
  }
}

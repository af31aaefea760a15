/** Names in an order in which each comes after all it needs, and circles that have no such order. */
export interface EvaluationOrder {
  readonly order: readonly string[]
  /** Each circle once, from its first name in the order given. */
  readonly circles: readonly (readonly string[])[]
}

/**
 * Topological sort (Kahn 1962), in time linear in names and needs. What is needed but has no entry of its own is given from
 * outside. Names that need a circle without being in it stand in neither list.
 */
export function evaluationOrder(needs: ReadonlyMap<string, readonly string[]>): EvaluationOrder {
  const open = new Map<string, number>()
  const users = new Map<string, string[]>()
  for (const [name, needed] of needs) {
    const own = new Set(needed.filter((other) => needs.has(other)))
    open.set(name, own.size)
    for (const other of own) {
      const list = users.get(other)
      if (list) list.push(name)
      else users.set(other, [name])
    }
  }
  const order = [...needs.keys()].filter((name) => open.get(name) === 0)
  for (let place = 0; place < order.length; place += 1) {
    for (const user of users.get(order[place]!) ?? []) {
      const left = open.get(user)! - 1
      open.set(user, left)
      if (left === 0) order.push(user)
    }
  }
  return { order, circles: order.length === needs.size ? [] : circlesAmong(needs, new Set(order)) }
}

/** Every name that is not done needs another that is not: following these ends in a circle. */
function circlesAmong(
  needs: ReadonlyMap<string, readonly string[]>,
  done: ReadonlySet<string>,
): readonly (readonly string[])[] {
  const circles: string[][] = []
  const seen = new Set<string>(done)
  const places = new Map([...needs.keys()].map((name, place) => [name, place]))
  for (const start of needs.keys()) {
    const path = new Map<string, number>()
    let at: string | undefined = start
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      path.set(at, path.size)
      at = needs.get(at)?.find((other) => needs.has(other) && !done.has(other))
    }
    const from = at === undefined ? undefined : path.get(at)
    if (from === undefined) continue
    const circle = [...path.keys()].slice(from)
    const first = circle.reduce((best, name, k) => (places.get(name)! < places.get(circle[best]!)! ? k : best), 0)
    circles.push([...circle.slice(first), ...circle.slice(0, first)])
  }
  return circles
}

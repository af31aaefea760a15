const firstWaitMs = 5000
const longestWaitMs = 300_000
const mostNodes = 10_000

/** Which nodes may be asked for a rebirth now: each at growing intervals until it is born, so that none is asked for ever. */
export function createRebirths() {
  const asked = new Map<string, { readonly nextMs: number; readonly waitMs: number }>()
  return {
    may(node: string, nowMs: number): boolean {
      const before = asked.get(node)
      if (before && nowMs < before.nextMs) return false
      if (!before && asked.size >= mostNodes) return false
      const waitMs = before ? Math.min(longestWaitMs, 2 * before.waitMs) : firstWaitMs
      asked.set(node, { nextMs: nowMs + waitMs, waitMs })
      return true
    },
    /** It goes on as it should: the next loss is asked for soon. */
    settled(node: string, nowMs: number): void {
      const before = asked.get(node)
      if (before && nowMs >= before.nextMs) asked.delete(node)
    },
  }
}

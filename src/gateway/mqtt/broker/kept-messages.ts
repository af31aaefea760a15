/** Which retained messages the broker keeps for those who come later: a bounded number of small ones. */
export interface KeptMessages {
  /** @returns whether the broker may keep it; an empty one takes back what was kept under its topic */
  admit(holder: string, topic: string, bytes: number): boolean
  count(): number
}

export interface KeptLimits {
  readonly most: number
  readonly mostEach: number
  readonly bytes: number
}

export const usualKept: KeptLimits = { most: 10_000, mostEach: 100, bytes: 16_384 }

export function createKeptMessages({ most, mostEach, bytes: largest }: KeptLimits = usualKept): KeptMessages {
  /** Who keeps a topic. */
  const holders = new Map<string, string>()
  const held = new Map<string, number>()
  const release = (topic: string): void => {
    const holder = holders.get(topic)
    if (holder === undefined) return
    holders.delete(topic)
    const left = (held.get(holder) ?? 1) - 1
    if (left > 0) held.set(holder, left)
    else held.delete(holder)
  }
  return {
    count: () => holders.size,
    admit(holder, topic, bytes) {
      if (bytes === 0) {
        release(topic)
        return true
      }
      if (bytes > largest) return false
      const before = holders.get(topic)
      if (before === holder) return true
      if ((held.get(holder) ?? 0) >= mostEach || (before === undefined && holders.size >= most)) return false
      release(topic)
      holders.set(topic, holder)
      held.set(holder, (held.get(holder) ?? 0) + 1)
      return true
    },
  }
}

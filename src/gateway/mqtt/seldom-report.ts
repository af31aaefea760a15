const quietMs = 60_000
const mostKinds = 50

/** Tells the first failure of each kind, and then one a minute with the number of those left out: a bad sender fills no log. */
export function createSeldomReport(
  report: (error: unknown, message: string) => void,
  nowMs: () => number = () => performance.now(),
): (error: unknown, message: string) => void {
  const kinds = new Map<string, { toldMs: number; leftOut: number }>()
  return (error, message) => {
    const kind = `${message} ${codeOf(error)}`
    const known = kinds.get(kind)
    if (known && nowMs() - known.toldMs < quietMs) {
      known.leftOut += 1
      return
    }
    if (!known && kinds.size >= mostKinds) kinds.clear()
    report(
      error,
      known && known.leftOut > 0 ? `${message}, and ${known.leftOut} times since it was told last` : message,
    )
    kinds.set(kind, { toldMs: nowMs(), leftOut: 0 })
  }
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown } | null)?.code ?? '')

const storageKey = 'mangrove.palette'
const mostKept = 6

/** Ids of what was chosen last, newest first. */
export function readRecent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, mostKept) : []
  } catch {
    return []
  }
}

export const keepRecent = (id: string): void =>
  localStorage.setItem(
    storageKey,
    JSON.stringify([id, ...readRecent().filter((other) => other !== id)].slice(0, mostKept)),
  )

/** A set with a name in it that was not, or without it. */
export const toggled = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  set.has(name) ? new Set([...set].filter((one) => one !== name)) : new Set([...set, name])

/** A name as long as a sentence can carry: cut at letters, never within one. */
export function shortName(name: string, most = 80): string {
  if (name.length <= most) return name
  const letters = [...name]
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`
}

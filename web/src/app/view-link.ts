/**
 * A link to what is shown at a moment: who opens it tomorrow sees what is seen now.
 *
 * @param address of the page as it is
 */
export function viewLink(address: string, timestampMs: number): string {
  const link = new URL(address)
  link.searchParams.set('at', String(Math.round(timestampMs)))
  link.searchParams.delete('wall')
  link.searchParams.delete('every')
  link.hash = ''
  return link.href
}

import { serverErrors } from './errors.ts'

/**
 * Refuses changes that give a site another id: values are read from the store by the id of the site, so a site with the name of
 * another would read what is the other's.
 *
 * @throws `server.bad-input`
 */
export function checkRenamed(body: unknown, site: string): void {
  const found = renamed(body, site, false, 'body')
  if (!found) return
  throw serverErrors.badInput({
    detail: 'Changes may not give the site another id',
    place: { path: found.path },
    found: found.id,
    expected: site,
  })
}

/** The first `id` of changes that is not that of the site. Bodies are as deep as their size of 1 MiB allows, so no recursion. */
function renamed(body: unknown, site: string, inside: boolean, at: string): { path: string; id: unknown } | undefined {
  const rest: { readonly value: unknown; readonly changes: boolean; readonly path: string }[] = [
    { value: body, changes: inside, path: at },
  ]
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value, changes, path } = next
    if (typeof value !== 'object' || value === null) continue
    if (changes && Object.hasOwn(value, 'id') && (value as { id: unknown }).id !== site) {
      return { path: `${path}.id`, id: (value as { id: unknown }).id }
    }
    for (const [name, member] of Object.entries(value)) {
      rest.push({ value: member, changes: name === 'changes', path: `${path}.${name}` })
    }
  }
  return undefined
}

import { sensorThingsErrors } from './errors.ts'

export interface PathStep {
  readonly name: string
  /** `Things('x')` */
  readonly id?: string
}

/** An address below the service root (OGC 18-088, section 9.2). */
export interface ResourcePath {
  readonly steps: readonly PathStep[]
  /** `$ref`: links alone; `$value`: the bare value of a property. */
  readonly ending?: '$ref' | '$value'
}

const maxSteps = 12

/** @param path as it was sent, still encoded. @throws `sensorthings.bad-path` */
export function readPath(path: string): ResourcePath {
  const parts = path.split('/').filter((part) => part !== '')
  if (parts.length > maxSteps) throw badPath('The address has too many parts', parts.length, `${maxSteps} or fewer`)
  const decoded = parts.map(decode)
  const last = decoded.at(-1)
  const ending = last === '$ref' || last === '$value' ? last : undefined
  const steps = (ending === undefined ? decoded : decoded.slice(0, -1)).map(readStep)
  return { steps, ...(ending === undefined ? {} : { ending }) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw badPath('The address is no percent-encoded UTF-8', part.slice(0, 60))
  }
}

function readStep(part: string): PathStep {
  const [, name, quoted, bare] = /^(@?[A-Za-z][\w.]*)(?:\((?:'((?:[^']|'')*)'|([^'()]+))\))?$/.exec(part) ?? []
  if (name === undefined)
    throw badPath('This is no part of an address', part.slice(0, 60), "Things('<id>')/Datastreams")
  const id = quoted?.replaceAll("''", "'") ?? bare
  return { name, ...(id === undefined ? {} : { id }) }
}

/** An id as it stands in an address: `('pv:powerKw')`. */
export const idInPath = (id: string): string =>
  `('${encodeURIComponent(id.replaceAll("'", "''")).replaceAll('%3A', ':').replaceAll("'", '%27')}')`

const badPath = (detail: string, found: unknown, expected?: string) =>
  sensorThingsErrors.badPath({ detail, found, ...(expected === undefined ? {} : { expected }) })

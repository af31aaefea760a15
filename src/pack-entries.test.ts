import { describe, expect, it } from 'vitest'
import { fieldEntries } from './gateway/field-entries.ts'
import { fieldProtocols } from './gateway/index.ts'
import { packEntries } from './pack-entries.ts'

const engines = packEntries.flatMap((pack) => pack.engines.map((entry) => [entry.id, pack.name, entry] as const))

describe('what a pack says of an engine before it is loaded', () => {
  it.each(engines)('%s', async (id, pack, { load, ...named }) => {
    const { id: own, title, positional } = await load()
    expect(named).toEqual({ id: own, title, ...(positional === undefined ? {} : { positional }) })
    expect(id.split('.')).toEqual([pack, expect.stringMatching(/^[a-z-]+$/)])
  })

  it('names each once', () => {
    expect(new Set(engines.map(([id]) => id)).size).toBe(engines.length)
  })
})

it('a site file may have a gateway of every protocol, and of no other', () => {
  expect(fieldEntries.map(({ name }) => name)).toEqual(fieldProtocols.map(({ name }) => name))
})

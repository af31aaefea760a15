import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sizableOf } from './sizable.ts'

const folder = new URL('../../../src/energy/components/', import.meta.url)

/** Kinds with the sizes and units that their files declare: `  sizes: { ratedKw: { unit: 'kW' … } }`. */
const declared = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\./.test(name))
    .flatMap((name) => {
      const block = /^ {2}sizes: (\{ .*\}|\{\n[\s\S]*?^ {2}\}),$/m.exec(
        readFileSync(new URL(name, folder), 'utf8'),
      )?.[1]
      if (block === undefined) return []
      const sizes = [...block.matchAll(/(\w+): \{\s*(?:\.\.\.\{ )?unit: '(\w+)'/g)].map(
        ([, size, unit]) => `${size} ${unit}`,
      )
      return [[name.slice(0, -3), sizes]]
    }),
)

describe('what may be sized', () => {
  it('is what the machines say of themselves', () => {
    expect(Object.keys(declared)).toContain('battery')
    const offered = Object.entries(sizableOf).map(([kind, sizes]) => [
      kind,
      sizes.map(({ size, unit }) => `${size} ${unit}`),
    ])
    expect(Object.fromEntries(offered)).toEqual(declared)
  })
})

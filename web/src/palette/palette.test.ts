import { describe, expect, it } from 'vitest'
import type { Say } from '../words/words.ts'
import { entriesOf, type FoundPoint } from './entries.ts'
import { best, fit } from './rank.ts'

const say: Say = (key) => key
const points: readonly FoundPoint[] = Array.from({ length: 5000 }, (_, index) => ({
  ref: `meter-${index}.powerKw`,
  title: `Power of meter ${index}, hall ${index % 17}`,
  unit: 'kW',
}))
const titles = { textsOf: (text: string) => [text], most: 5 }

describe('what fits what was typed', () => {
  it('is found by its letters, starts of words first', () => {
    const found = best('gp', ['large pump', 'grid.powerKw', 'Grid power', 'battery'], titles)
    expect(found.shown.slice(0, 2).toSorted()).toEqual(['Grid power', 'grid.powerKw'])
    expect(found.shown).not.toContain('battery')
  })

  it('has every word, in any order, in capitals or not', () => {
    expect(fit('power roof', 'Roof, Power of the inverter')).toBeGreaterThan(0)
    expect(fit('power wind', 'Roof, Power of the inverter')).toBe(0)
    expect(fit('park now', 'Park now')).toBe(1)
  })

  it('is better the more it is the same', () => {
    const ordered = ['plan', 'plan of the day', 'my plan', 'explanation'].map((text) => fit('plan', text))
    expect(ordered).toEqual(ordered.toSorted((a, b) => b - a))
    expect(new Set(ordered).size).toBe(4)
  })

  it('finds Chinese by its characters', () => {
    expect(best('电池', ['园区电池功率', '电网'], titles).shown).toEqual(['园区电池功率'])
  })

  it('says how many more there are, over thousands of points, without a stall', () => {
    const entries = entriesOf({ say, sites: [], assets: [], points, languages: [], signedIn: false })
    const began = performance.now()
    const found = best('power hall', entries, { textsOf: ({ title, hint }) => [title, hint], most: 8 })
    expect(performance.now() - began).toBeLessThan(200)
    expect(found.shown).toHaveLength(8)
    expect(found.left).toBe(4992)
  })
})

describe('entries of the palette', () => {
  it('have one id each, and say of which asset a point is', () => {
    const asset = { id: 'roof', kind: 'pv', title: '<img src=x onerror=alert(1)>', fields: {}, points: [] }
    const entries = entriesOf({
      say,
      sites: [],
      assets: [asset],
      points: [{ ref: 'roof.powerKw', title: 'Power', unit: 'kW' }],
      languages: [{ tag: 'en', name: 'English' }],
      signedIn: true,
    })
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    expect(entries.find(({ id }) => id === 'point roof.powerKw')?.title).toBe(`${asset.title}, Power`)
    expect(entries.some(({ id }) => id === 'action signOut')).toBe(true)
    expect(entries.some(({ group }) => group === 'site')).toBe(false)
  })
})

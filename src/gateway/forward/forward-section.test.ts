import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Errors } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Site } from '../../kernel/index.ts'
import { forwardSection } from './forward-section.ts'
import { type ForwardSettings, ForwardSettingsSchema, forwardDefaults, forwardTopic, namesPoint } from './settings.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/edge-centre.md'), 'utf8')
const points = { unitOf: (ref: string) => (ref === 'grid.powerKw' ? 'kW' : undefined), isGone: () => false }
const pathsOf = (settings: ForwardSettings) =>
  forwardSection.check!(settings, {} as Site, points).map(({ place }) => place?.path)

describe('the section forward', () => {
  it('is in the guide as the schema takes it, with the usual values', () => {
    const { forward } = parse(/```yaml\n([\s\S]*?)```/.exec(guide)![1]!) as { forward: ForwardSettings }
    expect([...Errors(ForwardSettingsSchema, forward)]).toEqual([])
    expect(pathsOf(forward)).toEqual([])
    expect(forward).toMatchObject({
      rowsPerSecond: forwardDefaults.rowsPerSecond,
      messageKb: forwardDefaults.messageKb,
    })
    for (const field of Object.keys(ForwardSettingsSchema.properties)) expect(guide).toContain(`${field}`)
    expect(guide).toContain(forwardDefaults.topic)
  })

  it('gives no password to a line that others can read, and names points that are not there', () => {
    const secret = { user: 'a', passwordVariable: 'MANGROVE_X' }
    expect(pathsOf({ url: 'mqtt://centre.example', ...secret })).toEqual(['url'])
    expect(pathsOf({ url: 'wss://centre.example', ...secret })).toEqual([])
    expect(pathsOf({ url: 'mqtt://127.0.0.1:1883', ...secret })).toEqual([])
    expect(pathsOf({ url: 'mqtt://127.0.0.1', user: 'a' })).toEqual(['passwordVariable'])
    expect(pathsOf({ url: 'mqtt://a', points: ['grid.powerKw', '*.x', 'grid.other'] })).toEqual(['points[2]'])
    expect(pathsOf({ url: 'mqtt://a', topic: 'x/{asset}' })).toEqual(['topic'])
  })

  it('names points by words and stars, and a topic by the site of the centre', () => {
    const named = (filter: string) => ['grid.powerKw', 'pv.powerKw', 'pv.soc'].filter((ref) => namesPoint(filter, ref))
    expect(named('*.*')).toHaveLength(3)
    expect(named('pv.*')).toEqual(['pv.powerKw', 'pv.soc'])
    expect(named('*.powerKw')).toEqual(['grid.powerKw', 'pv.powerKw'])
    expect(forwardTopic({ url: 'mqtt://a' }, 'park')).toBe('mangrove/park/forward/rows')
    expect(forwardTopic({ url: 'mqtt://a', topic: 'x/{site}', site: 'other' }, 'park')).toBe('x/other')
  })
})

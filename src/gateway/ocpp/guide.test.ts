import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Check, Errors } from 'typebox/value'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { connectorStatuses } from './central/records.ts'
import { limitPoint, OcppSettingsSchema } from './settings.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/ocpp.md'), 'utf8')

it('shows a gateway that fits the schema', () => {
  const yaml = /```yaml\n([\s\S]*?)```/.exec(guide)![1]!
  const { gateways } = parse(yaml) as { gateways: Record<string, { protocol: string }> }
  const { protocol, ...settings } = gateways.chargers!
  expect(protocol).toBe('ocpp')
  expect([...Errors(OcppSettingsSchema, settings)]).toEqual([])
  expect(Check(OcppSettingsSchema, settings)).toBe(true)
})

it('tells the values of the point `status`, and the point that limits', () => {
  expect(connectorStatuses.length).toBe(10)
  for (const [index, name] of [
    [0, 'available'],
    [2, 'charging'],
    [8, 'faulted'],
    [9, 'occupied'],
  ] as const) {
    expect(connectorStatuses[index]).toBe(name)
    expect(guide).toContain(`${index} ${name}`)
  }
  expect(guide).toContain(`\`${limitPoint}\``)
})

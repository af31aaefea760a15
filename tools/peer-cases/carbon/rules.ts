import { accountChain, checkFootprint, Decimal, freightBook, parseDecimal } from '../../../src/carbon/index.ts'
import { peerErrors } from '../errors.ts'
import { Printed, textOf } from './read-cases.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown, path: string): Fields => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Printed))
    return value as Fields
  throw peerErrors.missing({ detail: 'There is no object', place: { path }, expected: 'an object' })
}

/** Well-to-wheel kg CO2e of a chain, each leg by its mass, its distance and its intensity, through the engine of transport chains. */
export function chainOf(legs: readonly unknown[], path: string): Decimal {
  const read = legs.map((leg, index) => {
    const at = `${path}.legs[${index}]`
    const fields = fieldsOf(leg, at)
    const text = (name: string): string =>
      parseDecimal(textOf(fields[name], `${at}.${name}`), `${at}.${name}`).toFixed()
    return { massKg: text('massKg'), km: text('km'), wtwKgCo2e: text('kgPerTkm') }
  })
  const { totals } = accountChain(
    {
      shipment: { id: 'case', massKg: read[0]!.massKg },
      elements: read.map(({ massKg, km }, index) => ({
        ...{ id: `leg-${index}`, category: `leg-${index}`, massKg },
        distance: { kind: 'actual', km },
      })),
      categories: read.map(({ wtwKgCo2e }, index) => ({
        ...{ id: `leg-${index}`, kind: 'transport', mode: 'road', per: 't·km', distance: 'actual', data: 'default' },
        intensity: { from: 'stated', wtwKgCo2e, source: 'case' },
      })),
      ...{ boundary: 'WTW', gwpSet: 'AR6', fallback: [], places: {}, exchange: false, factorSets: [] },
    },
    freightBook(),
  )
  return new Decimal(totals.wtwKgCo2e!)
}

/** A sum of PACT 3 by its rule: `take` is `excluding` or `including` biogenic uptake, of the terms of `pcf`. */
export function footprintSum(pcf: unknown, take: unknown, path: string): Decimal {
  if (take !== 'excluding' && take !== 'including') {
    throw peerErrors.badValue({
      detail: 'It is not said which sum is meant',
      place: { path: `${path}.take` },
      found: take,
      expected: 'excluding, including',
    })
  }
  const fields = fieldsOf(pcf, `${path}.pcf`)
  const terms = Object.entries(fields).map(([name, value]) => [name, textOf(value, `${path}.pcf.${name}`)])
  const { sums } = checkFootprint({ specVersion: '3.0.3', pcf: Object.fromEntries(terms) })
  const value = take === 'excluding' ? sums?.excludingByRule : sums?.includingByRule
  return new Decimal(value!)
}

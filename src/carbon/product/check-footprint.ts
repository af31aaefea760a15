import Type, { type Static } from 'typebox'
import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { checkIleap, type IleapTotals, ileapKind } from '../freight/index.ts'
import { createFindings, type Fields, type Finding, FindingSchema, type Findings, fieldsOf } from '../payload/index.ts'
import type { Decimal } from '../quantity/index.ts'
import { checkPact } from './pact/check-pact.ts'
import { checkPact2 } from './pact/check-pact-2.ts'

export const payloadKinds = ['pact-3', 'pact-2', 'ileap-shipment', 'ileap-toc', 'ileap-hoc', 'unknown'] as const
const mostFootprints = 1000
/** Of all footprints of an answer together. */
const mostFindings = 5000

export const CheckFootprintInputSchema = Type.Object({
  footprint: Type.Record(Type.String(), Type.Unknown(), {
    description:
      'A ProductFootprint of PACT 2 or 3, a ShipmentFootprint, TOC or HOC of iLEAP, or an answer with them under data',
  }),
})

const exact = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const CheckedSchema = Type.Object({
  path: Type.String({ description: 'Where it stood; empty of a single one' }),
  kind: Type.Enum([...payloadKinds], { description: 'What it was read as' }),
  specVersion: exact('As it says'),
  isClean: Type.Boolean({ description: 'No breach was found; doubts and notes may be there' }),
  findings: Type.Array(FindingSchema),
  sums: Type.Optional(
    Type.Object(
      {
        excludingByRule: exact('Sum of the terms, without uptake'),
        excludingPrinted: exact('As it stands'),
        includingByRule: exact('Sum of the terms, with uptake'),
        includingFromPrinted: exact('The printed value without uptake, plus the uptake'),
        includingPrinted: exact('As it stands'),
      },
      { description: 'kg CO2e a declared unit, PACT 3' },
    ),
  ),
  shipment: Type.Optional(
    Type.Object(
      { activityTkm: Type.String(), wtwKgCo2e: Type.String(), ttwKgCo2e: Type.String() },
      { description: 'Recomputed from the elements of a shipment' },
    ),
  ),
})
export type CheckedFootprint = Static<typeof CheckedSchema>

export const CheckFootprintOutputSchema = Type.Object({ footprints: Type.Array(CheckedSchema) })
export type CheckFootprintOutput = Static<typeof CheckFootprintOutputSchema>

/** Reads footprints of others; a breach is told, and never refused. */
export const checkFootprintEngine = defineEngine({
  id: 'carbon.check-footprint',
  title: 'Check a product or shipment footprint of somebody else',
  description:
    'Reads a footprint in the forms of PACT 2 and 3 and of iLEAP 1.0.0 and tells what no schema sees: the sum rule with what would explain a breach, transport activity, units, signs, periods, geography, removed fields, decimals with a comma. Nothing is refused for a finding.',
  version: '0.1.0',
  input: CheckFootprintInputSchema,
  output: CheckFootprintOutputSchema,
  run: checkFootprints,
})

async function checkFootprints(
  { footprint }: Static<typeof CheckFootprintInputSchema>,
  context: EngineContext,
): Promise<CheckFootprintOutput> {
  const all = unwrap(footprint)
  let left = mostFindings
  return {
    footprints: all.map(({ path, fields }, index) => {
      if (index % 100 === 0) context.progress(index / all.length, `checking ${index + 1} of ${all.length}`)
      const checked = checkFootprint(fields, path)
      const told = checked.findings.slice(0, left)
      left -= told.length
      return told.length === checked.findings.length
        ? checked
        : { ...checked, findings: [...told, untold(checked, told)] }
    }),
  }
}

/** That there is more, where an answer would grow beyond what anybody reads. */
const untold = ({ findings }: CheckedFootprint, told: readonly Finding[]): Finding => ({
  ...{
    code: 'too-many',
    severity: findings.some(({ severity }) => severity === 'breach') ? 'breach' : 'note',
    path: '',
  },
  detail: `${findings.length - told.length} more findings of this footprint are left out: check it by itself`,
})

/** An answer of a PACT API has its footprints under `data`: one, or a list. */
function unwrap(payload: Fields): readonly { readonly path: string; readonly fields: Fields }[] {
  const { data } = payload
  if ('pcf' in payload || data === undefined) return [{ path: '', fields: payload }]
  if (!Array.isArray(data)) return [{ path: 'data', fields: fieldsOf(data) ?? {} }]
  if (data.length > mostFootprints) {
    throw carbonErrors.badProduct({
      detail: 'These are too many footprints to be checked at once',
      place: { path: 'footprint.data' },
      found: data.length,
      expected: `${mostFootprints} at most`,
    })
  }
  return data.map((one, index) => ({ path: `data.${index}`, fields: fieldsOf(one) ?? {} }))
}

/** Checks one payload. */
export function checkFootprint(payload: Fields, path = ''): CheckedFootprint {
  const findings = createFindings()
  const specVersion = typeof payload.specVersion === 'string' ? payload.specVersion : null
  const publish = (kind: CheckedFootprint['kind'], more: Partial<CheckedFootprint> = {}): CheckedFootprint => ({
    ...{ path, kind, specVersion, ...more },
    isClean: !findings.list.some(({ severity }) => severity === 'breach'),
    findings: findings.list as Finding[],
  })
  const own = ileapKind(payload)
  if (own !== undefined) {
    const totals = checkIleap(payload, '', findings)
    return publish(`ileap-${own}`, shipmentOf(totals))
  }
  if (!('pcf' in payload)) {
    findings.add(
      'breach',
      'unknown-form',
      '',
      'This is no footprint that is known: there is no pcf, no tces, no tocId, no hocId',
    )
    return publish('unknown')
  }
  const pcf = fieldsOf(payload.pcf) ?? {}
  const isOld = specVersion?.startsWith('2.') ?? ('declaredUnit' in pcf && !('declaredUnitOfMeasurement' in pcf))
  if (isOld) {
    const terms = checkPact2(payload, findings)
    return publish(
      'pact-2',
      shipmentOf(
        checkExtensions(
          payload,
          { amount: terms?.get('unitaryProductAmount'), excluding: terms?.get('pCfExcludingBiogenic') },
          findings,
        ),
      ),
    )
  }
  const reading = checkPact(payload, findings)
  if (!reading) return publish('pact-3')
  const { terms, sums } = reading
  const text = (value: Decimal | null | undefined): string | null => value?.toFixed() ?? null
  const excluding = terms.get('pcfExcludingBiogenicUptake')
  const totals = checkExtensions(payload, { amount: terms.get('declaredUnitAmount'), excluding }, findings)
  return publish('pact-3', {
    sums: {
      excludingByRule: text(sums.excluding),
      excludingPrinted: text(excluding),
      includingByRule: text(sums.including),
      includingFromPrinted: text(sums.includingFromPrinted),
      includingPrinted: text(terms.get('pcfIncludingBiogenicUptake')),
    },
    ...shipmentOf(totals),
  })
}

const shipmentOf = (totals: IleapTotals | undefined): Partial<CheckedFootprint> =>
  totals === undefined
    ? {}
    : {
        shipment: {
          activityTkm: totals.activityTkm.toFixed(),
          wtwKgCo2e: totals.wtwKg.toFixed(),
          ttwKgCo2e: totals.ttwKg.toFixed(),
        },
      }

/** Extensions of iLEAP within a footprint, held against its pcf (iLEAP 1.0.0, section 7.2). */
function checkExtensions(
  { extensions, pcf, productCategoryCpc }: Fields,
  { amount, excluding }: { readonly amount: Decimal | undefined; readonly excluding: Decimal | undefined },
  findings: Findings,
): IleapTotals | undefined {
  for (const [index, extension] of (Array.isArray(extensions) ? extensions : []).entries()) {
    const path = `extensions.${index}`
    const fields = fieldsOf(extension)
    if (fields === null) continue
    const under = fieldsOf(fields.data)
    if (under === null && ileapKind(fields) !== undefined) {
      findings.add('breach', 'data-beside', path, 'The data of an extension stand under data, not beside dataSchema')
    }
    const data = under ?? fields
    if (ileapKind(data) === undefined) continue
    const totals = checkIleap(data, under ? `${path}.data` : path, findings)
    if (fieldsOf(pcf)?.packagingEmissionsIncluded === true) {
      findings.add('breach', 'packaging', 'pcf.packagingEmissionsIncluded', 'Freight has no packaging of its own', {
        found: true,
        expected: false,
      })
    }
    if (productCategoryCpc !== undefined && productCategoryCpc !== '83117') {
      findings.add('breach', 'category', 'productCategoryCpc', 'Freight is of CPC 83117', {
        found: productCategoryCpc,
        expected: '83117',
      })
    }
    if (totals && amount && !amount.eq(totals.activityTkm)) {
      findings.add(
        'breach',
        'shipment-amount',
        'pcf',
        'The declared amount is not the transport activity of the elements',
        {
          found: amount.toFixed(),
          expected: totals.activityTkm.toFixed(),
        },
      )
    }
    if (totals && excluding && !excluding.eq(totals.wtwKg)) {
      findings.add('breach', 'shipment-sum', 'pcf', 'The footprint is not the sum of co2eWTW of the elements', {
        found: excluding.toFixed(),
        expected: totals.wtwKg.toFixed(),
      })
    }
    return totals
  }
  return undefined
}

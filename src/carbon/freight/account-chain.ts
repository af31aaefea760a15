import { carbonErrors } from '../errors.ts'
import { type FactorBook, pedigreeOf } from '../factors/index.ts'
import { Decimal, parseDecimal, plus, totalQuality } from '../quantity/index.ts'
import { allocate } from './allocate.ts'
import type { Category } from './category/index.ts'
import { countChain } from './count-chain.ts'
import type { CountedElement } from './count-element.ts'
import { writeExtensions } from './ileap/index.ts'
import { publishParts, sumParts, textOrNull } from './parts.ts'
import type { ChainInput, ChainOutput } from './schema.ts'
import { chainUncertainty } from './uncertainty.ts'

/** The result of the engine. @throws as {@link countChain}; `carbon.bad-chain` for consignments that are not the shipment */
export function accountChain(input: ChainInput, book: FactorBook): ChainOutput {
  const chain = countChain(input, book)
  const { elements, intensities, factors, warnings } = chain
  const ofKind = (kind: Category['kind']) =>
    sumParts(elements.filter(({ category }) => category.kind === kind).map(({ kg }) => kg))
  const total = sumParts(elements.map(({ kg }) => kg))
  const activity = sumOf(elements.map(({ activityTkm }) => activityTkm))
  const biogenic = sumOf(elements.map(({ biogenicKg }) => biogenicKg))
  const modes = Map.groupBy(
    elements.filter(({ category }) => category.mode !== undefined),
    ({ category }) => category.mode!,
  )
  const unknownTtw = input.boundary === 'WTW' && total.ttw === null
  return {
    ...{ shipment: input.shipment.id, boundary: input.boundary, gwpSet: input.gwpSet },
    elements: elements.map(publishElement),
    totals: {
      ...publishParts(total),
      ...(biogenic.isZero() ? {} : { biogenicKgCo2: biogenic.toFixed() }),
      activityTkm: activity.toFixed(),
      intensity: {
        ttwKgCo2ePerTkm: textOrNull(quotient(total.ttw, activity)),
        wtwKgCo2ePerTkm: textOrNull(quotient(total.wtw, activity)),
      },
      uncertainty: chainUncertainty(elements, input.boundary),
      transport: publishParts(ofKind('transport')),
      hubs: publishParts(ofKind('hub')),
    },
    byMode: [...modes].map(([mode, own]) => ({
      mode,
      activityTkm: sumOf(own.map(({ activityTkm }) => activityTkm)).toFixed(),
      ...publishParts(sumParts(own.map(({ kg }) => kg))),
    })),
    quality: qualityOf(elements, input.boundary),
    ...(input.allocation ? { allocation: shareOut(input, elements) } : {}),
    categories: [...intensities.values()].map(({ category, intensity }) => ({
      ...{ id: category.id, kind: category.kind, ...(category.mode ? { mode: category.mode } : {}) },
      per: category.per,
      ...publishParts({
        ttw: quotient(intensity.kg.ttw, intensity.over),
        wtt: quotient(intensity.kg.wtt, intensity.over),
        wtw: quotient(intensity.kg.wtw, intensity.over),
      }),
      from: category.intensity.from,
      factors: intensity.factors.map(({ id }) => id),
    })),
    factors: [...factors.values()].map((factor) => ({ ...pedigreeOf(factor) })),
    ...(input.exchange ? { exchange: writeExtensions(input, chain) } : {}),
    warnings: [
      ...warnings,
      ...(unknownTtw
        ? ['Tank-to-wheel is not known of every element; ISO 14083 asks for it beside well-to-wheel']
        : []),
    ],
  }
}

const sumOf = (all: readonly Decimal[]): Decimal => all.reduce(plus, new Decimal(0))

/** Twelve digits are more than any intensity is known to. */
const quotient = (kg: Decimal | null, over: Decimal): Decimal | null =>
  kg === null || over.isZero() ? null : over.eq(1) ? kg : kg.dividedBy(over).toSignificantDigits(12)

function publishElement({
  element,
  category,
  massKg,
  distance,
  activityTkm,
  counted,
  adjustment,
  kg,
  biogenicKg,
}: CountedElement) {
  return {
    ...{
      id: element.id,
      category: category.id,
      kind: category.kind,
      ...(category.mode ? { mode: category.mode } : {}),
    },
    massKg: massKg.toFixed(),
    ...(distance === undefined ? {} : { distanceKm: distance.km.toFixed(), distanceKind: distance.kind }),
    ...(distance?.way === undefined ? {} : { way: [...distance.way] }),
    activityTkm: activityTkm.toFixed(),
    counted: { amount: counted.toFixed(), unit: category.per },
    ...(adjustment === undefined ? {} : { distanceAdjustment: adjustment.toFixed() }),
    ...publishParts(kg),
    ...(biogenicKg.isZero() ? {} : { biogenicKgCo2: biogenicKg.toFixed() }),
    data: category.data,
  }
}

/** Shares of primary data: of the activity, as iLEAP counts it, and of the emissions, as PACT does. */
export function qualityOf(elements: readonly CountedElement[], boundary: 'WTW' | 'TTW'): ChainOutput['quality'] {
  const kgOf = ({ kg }: CountedElement): Decimal => (boundary === 'WTW' ? kg.wtw : kg.ttw) ?? new Decimal(0)
  const share = (of: (element: CountedElement) => Decimal): string | null => {
    const all = sumOf(elements.map(of))
    if (all.isZero()) return null
    const primary = sumOf(elements.filter(({ category }) => category.data === 'primary').map(of))
    return primary.times(100).dividedBy(all).toFixed(2)
  }
  const { score, scoredShare } = totalQuality(
    elements.map((element) => ({
      value: kgOf(element).toNumber(),
      ...(element.category.score === undefined ? {} : { score: element.category.score }),
    })),
  )
  return {
    primaryShareOfActivityPercent: share(({ activityTkm }) => activityTkm),
    primaryShareOfEmissionsPercent: share(kgOf),
    ...{ score, scoredShare },
  }
}

function shareOut({ allocation, shipment }: ChainInput, elements: readonly CountedElement[]) {
  const { by, consignments } = allocation!
  const weights = consignments.map(({ amount }) => parseDecimal(amount))
  const whole = { mass: shipment.massKg, teu: shipment.teu, items: shipment.items }[by]
  const sum = sumOf(weights)
  if (whole === undefined || !sum.eq(parseDecimal(whole))) {
    throw carbonErrors.badChain({
      detail: `The consignments are not the shipment by ${by}`,
      place: { path: 'allocation.consignments' },
      found: sum.toFixed(),
      expected: whole ?? `${by} of the shipment`,
    })
  }
  const { ttw, wtt, wtw } = sumParts(elements.map(({ kg }) => kg))
  const split = (kg: Decimal | null) => (kg === null ? undefined : allocate(kg, weights))
  const [ttws, wtts] = [split(ttw), split(wtt)]
  // Where both parts are known the whole is their sum, of each consignment too.
  const wtws = ttws && wtts ? ttws.map((one, index) => plus(one, wtts[index]!)) : split(wtw)
  return consignments.map(({ id, amount }, index) => ({
    ...{ id, amount },
    ...publishParts({ ttw: ttws?.[index] ?? null, wtt: wtts?.[index] ?? null, wtw: wtws?.[index] ?? null }),
  }))
}

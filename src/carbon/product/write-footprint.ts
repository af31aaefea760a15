import { hashOf } from '../../kernel/index.ts'
import { Decimal } from '../quantity/index.ts'
import type { CountedProduct } from './account-product.ts'
import { specVersion, sumTerms, uptakeTerm } from './pact/fields.ts'
import type { ProductInput } from './schema.ts'
import { excluding, including } from './terms.ts'

/**
 * A counted product as a ProductFootprint of PACT 3.0.3. The two sums are those of the printed terms, so that a reader who adds them up
 * finds them; what does not apply is 0, and what is not known is not there.
 */
export function writeFootprint(input: ProductInput, counted: CountedProduct, nowMs: number) {
  const { company, product, declaredUnit, period, exempted, allocation, packagingIncluded } = input
  const { perUnit, packagingPerUnit, outboundPerUnit, primaryDataSharePercent, ratings, factors, hasFreight } = counted
  const told = [
    ...sumTerms.filter((name) => !name.startsWith('technological') && !name.startsWith('ccs')),
    uptakeTerm,
  ] as const
  const ccs = (['technologicalCO2Removals', 'ccsTechnologicalCO2Capture'] as const).filter(
    (name) => !perUnit[name].isZero(),
  )
  const sources = new Map(
    [...factors.values()].map(({ set, setVersion, source }) => [
      `${set} ${source.title}`,
      { name: `${source.publisher}, ${source.title}`, version: `${source.year}, ${set} ${setVersion}` },
    ]),
  )
  const secondary = input.activities.flatMap((activity) =>
    activity.kind === 'stated' ? [{ name: activity.source, version: 'as stated' }] : [],
  )
  const content = {
    specVersion,
    created: new Date(nowMs).toISOString(),
    status: 'Active',
    companyName: company.name,
    companyIds: [...company.ids],
    productDescription: product.description,
    productIds: [...product.ids],
    ...(product.classifications === undefined ? {} : { productClassifications: [...product.classifications] }),
    productNameCompany: product.name,
    pcf: {
      declaredUnitOfMeasurement: declaredUnit.unit,
      declaredUnitAmount: declaredUnit.amount,
      productMassPerDeclaredUnit: declaredUnit.massKg,
      referencePeriodStart: `${period.from}T00:00:00Z`,
      referencePeriodEnd: `${period.to}T00:00:00Z`,
      ...geographyOf(input),
      pcfExcludingBiogenicUptake: excluding(perUnit).toFixed(),
      pcfIncludingBiogenicUptake: including(perUnit).toFixed(),
      fossilCarbonContent: declaredUnit.fossilCarbonKg,
      ...(declaredUnit.biogenicCarbonKg === undefined ? {} : { biogenicCarbonContent: declaredUnit.biogenicCarbonKg }),
      ...(declaredUnit.recycledCarbonKg === undefined ? {} : { recycledCarbonContent: declaredUnit.recycledCarbonKg }),
      ...Object.fromEntries(told.map((name) => [name, perUnit[name].toFixed()])),
      landManagementFossilGhgEmissions: perUnit.landManagementFossilGhgEmissions.toFixed(),
      aircraftGhgEmissions: perUnit.aircraftGhgEmissions.toFixed(),
      ccsTechnologicalCO2CaptureIncluded: ccs.length > 0,
      ...Object.fromEntries(ccs.map((name) => [name, perUnit[name].toFixed()])),
      packagingEmissionsIncluded: packagingIncluded,
      ...(packagingIncluded ? { packagingGhgEmissions: packagingPerUnit.toFixed() } : {}),
      ...(outboundPerUnit.isZero() ? {} : { outboundLogisticsGhgEmissions: outboundPerUnit.toFixed() }),
      ipccCharacterizationFactors: [input.gwpSet],
      crossSectoralStandards: ['ISO14067', 'PACT-3.0', ...(hasFreight ? ['ISO14083'] : [])],
      exemptedEmissionsPercent: exempted.percent,
      ...(exempted.why === undefined ? {} : { exemptedEmissionsDescription: exempted.why }),
      ...(input.outputs.length === 1
        ? {}
        : {
            allocationRulesDescription: `By ${allocation.by}${allocation.why === undefined ? '' : `: ${allocation.why}`}`,
          }),
      ...(sources.size + secondary.length === 0
        ? {}
        : { secondaryEmissionFactorSources: [...sources.values(), ...secondary] }),
      ...(primaryDataSharePercent === null ? {} : { primaryDataShare: primaryDataSharePercent.toFixed(2) }),
      ...(ratings === null
        ? {}
        : {
            dqi: {
              technologicalDQR: rating(ratings.technology),
              geographicalDQR: rating(ratings.geography),
              temporalDQR: rating(ratings.time),
            },
          }),
    },
  }
  return { id: uuidOf(content), ...content }
}

const rating = (value: number): string => new Decimal(value).toDecimalPlaces(2).toFixed()

function geographyOf({ geography }: ProductInput): Readonly<Record<string, string>> {
  if (geography === undefined) return {}
  if ('country' in geography) return { geographyCountry: geography.country }
  return 'subdivision' in geography
    ? { geographyCountrySubdivision: geography.subdivision }
    : { geographyRegionOrSubregion: geography.region }
}

/**
 * An id of the content: UUID version 8 (RFC 9562, 5.8), its bits from the SHA-256. PACT 3 asks for a new id with every change, and
 * this is one; the same footprint made again at the same moment is the same.
 */
function uuidOf(content: unknown): string {
  const hash = hashOf(content)
  const variant = ((Number.parseInt(hash[16]!, 16) & 0x3) | 0x8).toString(16)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-')
}

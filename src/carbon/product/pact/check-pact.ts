import { type Fields, type Findings, fieldsOf, readDecimal, requireFields, tellRemoved } from '../../payload/index.ts'
import type { Decimal } from '../../quantity/index.ts'
import { checkPeriods } from './check-periods.ts'
import {
  decimalSigns,
  declaredUnits,
  mandatoryPcf,
  mandatoryTop,
  massless,
  olderNames,
  removedPcf,
  removedTop,
  type Sign,
  standards,
} from './fields.ts'
import { checkSums, type ReadTerms, type Sums } from './sum-rule.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const urn = /^urn:[a-z0-9][a-z0-9-]{0,31}:\S+$/i

/** What a footprint of PACT 3 comes to, where its numbers could be read. */
export interface PactReading {
  readonly terms: ReadTerms
  readonly sums: Sums
}

/**
 * Reads a ProductFootprint against PACT 3.0.3: mandatory and removed fields, signs, units, periods, geography, and the sum rule, which
 * no schema can say. Drafts are read by their older names, each of which is a finding.
 */
export function checkPact(footprint: Fields, findings: Findings): PactReading | undefined {
  requireFields(footprint, mandatoryTop, '', findings)
  tellRemoved(footprint, removedTop, '', findings)
  checkIdentity(footprint, findings)
  const pcf = fieldsOf(footprint.pcf)
  if (pcf === null) return undefined
  tellRemoved(pcf, removedPcf, 'pcf', findings)
  requireFields(
    pcf,
    mandatoryPcf.filter((name) => fieldValue(pcf, name) === undefined),
    'pcf',
    findings,
  )
  const terms = readTerms(pcf, findings)
  checkUnits(pcf, terms, findings)
  checkPeriods(footprint, pcf, findings)
  checkGeography(pcf, findings)
  checkParts(pcf, terms, findings)
  checkShares(pcf, terms, findings)
  checkMethods(pcf, findings)
  const sums = checkSums(
    terms,
    {
      excluding: fieldValue(pcf, 'pcfExcludingBiogenicUptake'),
      including: fieldValue(pcf, 'pcfIncludingBiogenicUptake'),
    },
    findings,
  )
  return { terms, sums }
}

/** A field by its name, or by the name that it had in a draft. */
function fieldValue(pcf: Fields, name: string): unknown {
  return pcf[name] ?? olderNames[name]?.map((older) => pcf[older]).find((value) => value !== undefined)
}

function readTerms(pcf: Fields, findings: Findings): ReadTerms {
  const terms = new Map<string, Decimal>()
  for (const [name, sign] of Object.entries(decimalSigns)) {
    const value = readDecimal(fieldValue(pcf, name), `pcf.${name}`, findings)
    if (value === null) continue
    terms.set(name, value)
    if (fits(value, sign)) continue
    const words = { any: '', 'not-negative': '0 or more', 'not-positive': '0 or less', positive: 'above 0' }[sign]
    findings.add('breach', 'sign', `pcf.${name}`, 'The sign is that of something else', {
      found: value.toFixed(),
      expected: words,
    })
  }
  return terms
}

function fits(value: Decimal, sign: Sign): boolean {
  switch (sign) {
    case 'any':
      return true
    case 'positive':
      return value.gt(0)
    case 'not-negative':
      return value.gte(0)
    case 'not-positive':
      return value.lte(0)
  }
}

function checkIdentity(
  { id, specVersion, status, companyIds, productIds, productClassifications }: Fields,
  findings: Findings,
): void {
  if (typeof id === 'string' && !uuid.test(id)) {
    findings.add('breach', 'id', 'id', 'The id is a UUID (RFC 9562)', { found: id })
  }
  if (typeof specVersion === 'string' && !/^3\.\d+\.\d+(-\d{8})?$/.test(specVersion)) {
    findings.add('breach', 'spec-version', 'specVersion', 'This is no version 3', {
      found: specVersion,
      expected: '3.0.3',
    })
  }
  if (status !== undefined && status !== 'Active' && status !== 'Deprecated') {
    findings.add('breach', 'unknown-word', 'status', 'This is none of the words', {
      found: status,
      expected: 'Active, Deprecated',
    })
  }
  for (const [name, all] of Object.entries({ companyIds, productIds, productClassifications })) {
    if (all === undefined) continue
    if (!Array.isArray(all) || all.length === 0) {
      findings.add('breach', 'empty-set', name, 'The set is not empty', { found: all })
      continue
    }
    if (new Set(all).size < all.length)
      findings.add('breach', 'twice', name, 'Something stands twice in the set', { found: all })
    for (const [index, one] of all.entries()) {
      if (typeof one === 'string' && urn.test(one)) continue
      findings.add('breach', 'urn', `${name}.${index}`, 'This is no URN (RFC 8141)', { found: one })
    }
  }
}

function checkUnits(pcf: Fields, terms: ReadTerms, findings: Findings): void {
  const unit = fieldValue(pcf, 'declaredUnitOfMeasurement')
  if (unit === undefined) return
  if (!declaredUnits.some((known) => known === unit)) {
    findings.add('breach', 'unknown-unit', 'pcf.declaredUnitOfMeasurement', 'This is none of the units', {
      found: unit,
      expected: declaredUnits.join(', '),
    })
  }
  const [amount, mass] = [terms.get('declaredUnitAmount'), terms.get('productMassPerDeclaredUnit')]
  if (mass === undefined || amount === undefined) return
  if (massless.includes(String(unit)) && !mass.isZero()) {
    findings.add('breach', 'mass', 'pcf.productMassPerDeclaredUnit', `A ${unit} has no mass`, {
      found: mass.toFixed(),
      expected: '0',
    })
  }
  if (unit === 'kilogram' && !mass.eq(amount)) {
    findings.add(
      'breach',
      'mass',
      'pcf.productMassPerDeclaredUnit',
      'The mass of so many kilograms is so many kilograms',
      {
        found: mass.toFixed(),
        expected: amount.toFixed(),
      },
    )
  }
  if (!massless.includes(String(unit)) && mass.isZero()) {
    findings.add('doubt', 'mass', 'pcf.productMassPerDeclaredUnit', 'A product that is no service has a mass', {
      found: '0',
    })
  }
}

function checkGeography(pcf: Fields, findings: Findings): void {
  const names = ['geographyRegionOrSubregion', 'geographyCountry', 'geographyCountrySubdivision'].filter(
    (name) => pcf[name] !== undefined && pcf[name] !== null,
  )
  if (names.length > 1) {
    findings.add('breach', 'geography', 'pcf', 'One granularity of geography is told, and no other', {
      found: names.join(', '),
    })
  }
  const country = pcf.geographyCountry
  if (country !== undefined && !/^[A-Z]{2}$/.test(String(country))) {
    findings.add('breach', 'country', 'pcf.geographyCountry', 'A country is two letters of ISO 3166-1', {
      found: country,
    })
  }
  const part = pcf.geographyCountrySubdivision
  if (part !== undefined && !/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(String(part))) {
    findings.add('breach', 'subdivision', 'pcf.geographyCountrySubdivision', 'A subdivision is one of ISO 3166-2', {
      found: part,
    })
  }
}

/** What is a part of something cannot be more than it, and what is left out has no amount. */
function checkParts(pcf: Fields, terms: ReadTerms, findings: Findings): void {
  const fossil = terms.get('fossilGhgEmissions')
  const part = terms.get('landManagementFossilGhgEmissions')
  if (fossil && part?.gt(fossil)) {
    findings.add(
      'breach',
      'part-above-whole',
      'pcf.landManagementFossilGhgEmissions',
      'It is a part of fossilGhgEmissions',
      {
        found: part.toFixed(),
        expected: `${fossil.toFixed()} at most`,
      },
    )
  }
  for (const [flag, parts] of Object.entries({
    packagingEmissionsIncluded: ['packagingGhgEmissions'],
    ccsTechnologicalCO2CaptureIncluded: [
      'ccsTechnologicalCO2Capture',
      'technologicalCO2Removals',
      'technologicalCO2CaptureOrigin',
    ],
  })) {
    if (pcf[flag] === undefined) {
      if (flag === 'packagingEmissionsIncluded')
        findings.add('note', 'not-told', `pcf.${flag}`, 'It is not said whether packaging is in')
      continue
    }
    if (typeof pcf[flag] !== 'boolean') {
      findings.add('breach', 'no-boolean', `pcf.${flag}`, 'This is true or false', { found: pcf[flag] })
      continue
    }
    for (const name of parts) {
      if (pcf[flag] || pcf[name] === undefined) continue
      findings.add('breach', 'left-out-and-told', `pcf.${name}`, `${flag} is false, and ${name} has a value`, {
        found: pcf[name],
      })
    }
    if (pcf[flag] && pcf[parts[0]!] === undefined) {
      findings.add('note', 'not-told', `pcf.${parts[0]}`, `${flag} is true, and ${parts[0]} is not told`)
    }
  }
  const [carbon, uptake] = [terms.get('biogenicCarbonContent'), terms.get('biogenicCO2Uptake')]
  if (carbon === undefined || uptake === undefined) return
  // 44/12 of the carbon in the product; both numbers are rounded, so a tenth is let through.
  const byCarbon = carbon.times(44).div(12)
  if (uptake.negated().minus(byCarbon).abs().lte(byCarbon.div(10).plus('0.005'))) return
  findings.add(
    'doubt',
    'uptake-and-carbon',
    'pcf.biogenicCO2Uptake',
    'The carbon in the product stands for another uptake',
    {
      found: uptake.toFixed(),
      expected: `about ${byCarbon.negated().toSignificantDigits(4).toFixed()}, 44/12 of ${carbon.toFixed()} kg`,
    },
  )
}

function checkShares(pcf: Fields, terms: ReadTerms, findings: Findings): void {
  for (const name of ['primaryDataShare', 'exemptedEmissionsPercent']) {
    const share = terms.get(name)
    if (share?.gt(100))
      findings.add('breach', 'percent', `pcf.${name}`, 'A share is at most 100 %', { found: share.toFixed() })
  }
  const exempted = terms.get('exemptedEmissionsPercent')
  if (exempted?.gt(5)) {
    findings.add('doubt', 'exempted', 'pcf.exemptedEmissionsPercent', 'More than 5 % is left out', {
      found: exempted.toFixed(),
    })
  }
  if (exempted?.gt(0) && !pcf.exemptedEmissionsDescription) {
    findings.add('note', 'not-told', 'pcf.exemptedEmissionsDescription', 'It is not said why something is left out')
  }
  if (!terms.has('primaryDataShare'))
    findings.add('note', 'not-told', 'pcf.primaryDataShare', 'The share of primary data is not told')
  const dqi = fieldsOf(pcf.dqi)
  if (dqi === null) return
  requireFields(dqi, ['technologicalDQR', 'geographicalDQR', 'temporalDQR'], 'pcf.dqi', findings)
  for (const name of Object.keys(dqi)) {
    const rating = name.endsWith('DQR') ? readDecimal(dqi[name], `pcf.dqi.${name}`, findings) : null
    if (rating === null || (rating.gte(1) && rating.lte(5))) continue
    findings.add('breach', 'rating', `pcf.dqi.${name}`, 'A rating lies between 1 and 5', { found: rating.toFixed() })
  }
}

function checkMethods(pcf: Fields, findings: Findings): void {
  const factors = pcf.ipccCharacterizationFactors
  if (Array.isArray(factors)) {
    for (const [index, one] of factors.entries()) {
      if (/^AR\d+$/.test(String(one))) continue
      findings.add(
        'breach',
        'unknown-word',
        `pcf.ipccCharacterizationFactors.${index}`,
        'A set of GWPs is AR and a number',
        { found: one },
      )
    }
  }
  const used = pcf.crossSectoralStandards
  if (Array.isArray(used)) {
    for (const [index, one] of used.entries()) {
      if (standards.includes(String(one))) continue
      findings.add(
        'note',
        'unknown-standard',
        `pcf.crossSectoralStandards.${index}`,
        'This standard is not in the list of 3.0',
        { found: one },
      )
    }
  }
  for (const [index, rule] of (Array.isArray(pcf.productOrSectorSpecificRules)
    ? pcf.productOrSectorSpecificRules
    : []
  ).entries()) {
    const fields = fieldsOf(rule) ?? {}
    if (fields.operator !== 'Other' || fields.otherOperatorName) continue
    findings.add(
      'breach',
      'missing-field',
      `pcf.productOrSectorSpecificRules.${index}.otherOperatorName`,
      'An operator «Other» has a name',
    )
  }
}

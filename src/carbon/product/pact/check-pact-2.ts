import { type Fields, type Findings, fieldsOf, readDecimal, requireFields, tellRemoved } from '../../payload/index.ts'
import type { Decimal } from '../../quantity/index.ts'
import { checkPeriods } from './check-periods.ts'
import { declaredUnits } from './fields.ts'

/** PACT Technical Specifications 2.0 to 2.3, which are still in use. */
const mandatoryTop = [
  ...[
    'id',
    'specVersion',
    'version',
    'created',
    'status',
    'companyName',
    'companyIds',
    'productDescription',
    'productIds',
  ],
  ...['productCategoryCpc', 'productNameCompany', 'pcf'],
] as const
const mandatoryPcf = [
  ...['declaredUnit', 'unitaryProductAmount', 'pCfExcludingBiogenic', 'fossilGhgEmissions', 'fossilCarbonContent'],
  ...['biogenicCarbonContent', 'crossSectoralStandardsUsed', 'boundaryProcessesDescription', 'referencePeriodStart'],
  ...['referencePeriodEnd', 'exemptedEmissionsPercent', 'packagingEmissionsIncluded'],
] as const
/** Names of the Pathfinder drafts before 2.0. */
const removedPcf: Readonly<Record<string, string>> = {
  reportingPeriodStart: 'referencePeriodStart',
  reportingPeriodEnd: 'referencePeriodEnd',
  emissionFactorSources: 'secondaryEmissionFactorSources',
  biogenicEmissions: 'dLucGhgEmissions, landManagementGhgEmissions and otherBiogenicGhgEmissions',
}
const decimals = [
  ...[
    'unitaryProductAmount',
    'pCfExcludingBiogenic',
    'pCfIncludingBiogenic',
    'fossilGhgEmissions',
    'fossilCarbonContent',
  ],
  ...['biogenicCarbonContent', 'dLucGhgEmissions', 'landManagementGhgEmissions', 'otherBiogenicGhgEmissions'],
  ...['iLucGhgEmissions', 'biogenicCarbonWithdrawal', 'aircraftGhgEmissions', 'packagingGhgEmissions'],
] as const

/** Reads a ProductFootprint of version 2. @returns its decimals by name */
export function checkPact2(footprint: Fields, findings: Findings): ReadonlyMap<string, Decimal> | undefined {
  findings.add('note', 'version-2', 'specVersion', 'It is of version 2; version 3 has other names and another sum', {
    found: footprint.specVersion,
    expected: '3.0.3',
  })
  requireFields(footprint, mandatoryTop, '', findings)
  const pcf = fieldsOf(footprint.pcf)
  if (pcf === null) return undefined
  requireFields(pcf, mandatoryPcf, 'pcf', findings)
  tellRemoved(pcf, removedPcf, 'pcf', findings)
  const terms = new Map<string, Decimal>()
  for (const name of decimals) {
    const value = readDecimal(pcf[name], `pcf.${name}`, findings)
    if (value !== null) terms.set(name, value)
  }
  const unit = pcf.declaredUnit
  if (unit !== undefined && !declaredUnits.some((known) => known === unit)) {
    findings.add('breach', 'unknown-unit', 'pcf.declaredUnit', 'This is none of the units', { found: unit })
  }
  if (terms.get('unitaryProductAmount')?.lte(0)) {
    findings.add('breach', 'sign', 'pcf.unitaryProductAmount', 'The amount is above 0', {
      found: pcf.unitaryProductAmount,
    })
  }
  for (const name of ['primaryDataShare', 'exemptedEmissionsPercent']) {
    const share = Number(pcf[name])
    if (pcf[name] === undefined || (share >= 0 && share <= 100)) continue
    findings.add('breach', 'percent', `pcf.${name}`, 'A share lies between 0 and 100 %', { found: pcf[name] })
  }
  checkPeriods(footprint, pcf, findings)
  const [excluding, including] = [terms.get('pCfExcludingBiogenic'), terms.get('pCfIncludingBiogenic')]
  const uptake = terms.get('biogenicCarbonWithdrawal')
  if (excluding && including && uptake?.isZero() && !including.eq(excluding)) {
    findings.add(
      'doubt',
      'sums-differ',
      'pcf.pCfIncludingBiogenic',
      'Nothing was taken up, and the two values differ',
      {
        found: including.toFixed(),
        expected: excluding.toFixed(),
      },
    )
  }
  return terms
}

/** PACT Technical Specifications 3.0.3, WBCSD: names, units and signs of a ProductFootprint (`spec/v3/openapi.yaml`). */
export const specVersion = '3.0.3'

export const declaredUnits = [
  'liter',
  'kilogram',
  'cubic meter',
  'kilowatt hour',
  'megajoule',
  'ton kilometer',
  'square meter',
  'piece',
  'hour',
  'megabit second',
] as const
export type DeclaredUnit = (typeof declaredUnits)[number]

/** The same units as amounts have them here. */
export const exactUnitOf: Readonly<Record<DeclaredUnit, string | undefined>> = {
  liter: 'L',
  kilogram: 'kg',
  'cubic meter': 'm3',
  'kilowatt hour': 'kWh',
  megajoule: 'MJ',
  'ton kilometer': 't·km',
  'square meter': 'm2',
  piece: 'piece',
  hour: 'h',
  'megabit second': undefined,
}

/** What has no mass: 0 kg a declared unit. */
export const massless: readonly string[] = ['kilowatt hour', 'megajoule', 'ton kilometer', 'hour', 'megabit second']

/**
 * Terms of `pcfExcludingBiogenicUptake` (its `x-comment`; some revisions list land-use change twice, it is one term). With
 * `biogenicCO2Uptake` they are `pcfIncludingBiogenicUptake`.
 */
export const sumTerms = [
  'fossilGhgEmissions',
  'landUseChangeGhgEmissions',
  'landManagementBiogenicCO2Emissions',
  'landManagementBiogenicCO2Removals',
  'technologicalCO2Removals',
  'ccsTechnologicalCO2Capture',
  'biogenicNonCO2Emissions',
] as const
export const uptakeTerm = 'biogenicCO2Uptake'
/** Parts of other terms, told besides: they are in no sum. */
export const memoTerms = ['landManagementFossilGhgEmissions', 'aircraftGhgEmissions'] as const

export type SumTerm = (typeof sumTerms)[number] | typeof uptakeTerm
export type Term = SumTerm | (typeof memoTerms)[number]
export const allTerms: readonly Term[] = [...sumTerms, uptakeTerm, ...memoTerms]

export type Sign = 'any' | 'not-negative' | 'not-positive' | 'positive'
/** Decimals of `pcf` and their signs. Of technologicalCO2Removals the schema and the words differ, so no sign is held against it. */
export const decimalSigns: Readonly<Record<string, Sign>> = {
  declaredUnitAmount: 'positive',
  productMassPerDeclaredUnit: 'not-negative',
  pcfExcludingBiogenicUptake: 'any',
  pcfIncludingBiogenicUptake: 'any',
  fossilGhgEmissions: 'not-negative',
  landUseChangeGhgEmissions: 'not-negative',
  landCarbonLeakage: 'not-negative',
  landManagementFossilGhgEmissions: 'not-negative',
  landManagementBiogenicCO2Emissions: 'not-negative',
  landManagementBiogenicCO2Removals: 'not-positive',
  technologicalCO2Removals: 'any',
  ccsTechnologicalCO2Capture: 'not-positive',
  biogenicNonCO2Emissions: 'not-negative',
  biogenicCO2Uptake: 'not-positive',
  fossilCarbonContent: 'not-negative',
  biogenicCarbonContent: 'not-negative',
  recycledCarbonContent: 'not-negative',
  ccuCarbonContent: 'not-negative',
  landAreaOccupation: 'not-negative',
  aircraftGhgEmissions: 'not-negative',
  packagingGhgEmissions: 'not-negative',
  packagingBiogenicCarbonContent: 'not-negative',
  outboundLogisticsGhgEmissions: 'not-negative',
  exemptedEmissionsPercent: 'not-negative',
  primaryDataShare: 'not-negative',
}

export const mandatoryTop = [
  ...['id', 'specVersion', 'created', 'status', 'companyName', 'companyIds', 'productDescription', 'productIds'],
  ...['productNameCompany', 'pcf'],
] as const

export const mandatoryPcf = [
  ...['declaredUnitOfMeasurement', 'declaredUnitAmount', 'productMassPerDeclaredUnit', 'referencePeriodStart'],
  ...['referencePeriodEnd', 'pcfExcludingBiogenicUptake', 'pcfIncludingBiogenicUptake', 'fossilGhgEmissions'],
  ...['fossilCarbonContent', 'ipccCharacterizationFactors', 'crossSectoralStandards', 'exemptedEmissionsPercent'],
] as const

/** Names that version 3 has no more, of the footprint. */
export const removedTop: Readonly<Record<string, string>> = {
  version: 'a new id for each change',
  updated: 'a new id for each change',
  statusComment: 'comment',
  productCategoryCpc: 'productClassifications',
}

/** Names that version 3 has no more, of `pcf`; some are of drafts of it. */
export const removedPcf: Readonly<Record<string, string>> = {
  declaredUnit: 'declaredUnitOfMeasurement',
  unitaryProductAmount: 'declaredUnitAmount',
  pCfExcludingBiogenic: 'pcfExcludingBiogenicUptake',
  pCfIncludingBiogenic: 'pcfIncludingBiogenicUptake',
  pcfExcludingBiogenicCO2Withdrawal: 'pcfExcludingBiogenicUptake',
  pcfIncludingBiogenicCO2Withdrawal: 'pcfIncludingBiogenicUptake',
  biogenicCO2Withdrawal: 'biogenicCO2Uptake',
  biogenicCarbonWithdrawal: 'biogenicCO2Uptake',
  dLucGhgEmissions: 'landUseChangeGhgEmissions',
  iLucGhgEmissions: 'landCarbonLeakage',
  landManagementGhgEmissions: 'landManagementFossilGhgEmissions and landManagementBiogenicCO2Emissions',
  otherBiogenicGhgEmissions: 'biogenicNonCO2Emissions',
  biogenicAccountingMethodology: 'nothing',
  characterizationFactors: 'ipccCharacterizationFactors',
  ipccCharacterizationFactorsSources: 'ipccCharacterizationFactors',
  crossSectoralStandardsUsed: 'crossSectoralStandards',
  uncertaintyAssessmentDescription: 'nothing',
  assurance: 'verification',
  reportingPeriodStart: 'referencePeriodStart',
  reportingPeriodEnd: 'referencePeriodEnd',
  emissionFactorSources: 'secondaryEmissionFactorSources',
  biogenicEmissions: 'landUseChangeGhgEmissions and biogenicNonCO2Emissions',
}

/** What stands in for a field that is not there, when a payload of an older draft is read all the same. */
export const olderNames: Readonly<Record<string, readonly string[]>> = {
  pcfExcludingBiogenicUptake: ['pcfExcludingBiogenicCO2Withdrawal', 'pCfExcludingBiogenic'],
  pcfIncludingBiogenicUptake: ['pcfIncludingBiogenicCO2Withdrawal', 'pCfIncludingBiogenic'],
  biogenicCO2Uptake: ['biogenicCO2Withdrawal', 'biogenicCarbonWithdrawal'],
  landUseChangeGhgEmissions: ['dLucGhgEmissions'],
  biogenicNonCO2Emissions: ['otherBiogenicGhgEmissions'],
  declaredUnitOfMeasurement: ['declaredUnit'],
  declaredUnitAmount: ['unitaryProductAmount'],
}

export const standards: readonly string[] = [
  ...['ISO14067', 'ISO14083', 'ISO14040-44', 'GHGP-Product', 'PEF', 'PACT-1.0', 'PACT-2.0', 'PACT-3.0', 'PAS2050'],
]

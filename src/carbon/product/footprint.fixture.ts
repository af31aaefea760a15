/** A ProductFootprint of PACT 3.0.3 without a fault; fields of `pcf` can be changed, `undefined` takes one away. */
export function pactFootprint(
  pcf: Readonly<Record<string, unknown>> = {},
  top: Readonly<Record<string, unknown>> = {},
) {
  return tidy({
    id: 'f4b1225a-bd44-4c8e-861d-079e4e1dfd69',
    specVersion: '3.0.3',
    created: '2025-03-01T00:00:00Z',
    status: 'Active',
    companyName: 'Company',
    companyIds: ['urn:company:example:company1'],
    productDescription: 'A product',
    productIds: ['urn:gtin:5695872369587'],
    productNameCompany: 'Product',
    ...top,
    pcf: tidy({
      declaredUnitOfMeasurement: 'kilogram',
      declaredUnitAmount: '1',
      productMassPerDeclaredUnit: '1',
      referencePeriodStart: '2024-01-01T00:00:00Z',
      referencePeriodEnd: '2025-01-01T00:00:00Z',
      geographyCountry: 'US',
      fossilGhgEmissions: '2',
      pcfExcludingBiogenicUptake: '2',
      pcfIncludingBiogenicUptake: '2',
      fossilCarbonContent: '0',
      packagingEmissionsIncluded: false,
      ipccCharacterizationFactors: ['AR6'],
      crossSectoralStandards: ['ISO14067', 'PACT-3.0'],
      exemptedEmissionsPercent: '0',
      primaryDataShare: '12.9',
      ...pcf,
    }),
  })
}

const tidy = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

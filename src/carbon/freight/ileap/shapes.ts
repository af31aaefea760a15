import type { TransportMode } from '../modes.ts'

/** iLEAP Technical Specifications 1.0.0 (2025-05-27), SINE Foundation and Smart Freight Centre, MIT. */
export const specAddress = 'https://sine-fdn.github.io/ileap-extension/'
export const schemaAddress = (name: 'shipment-footprint' | 'toc' | 'hoc'): string =>
  `https://api.ileap.sine.dev/${name}.json`

export const modeNames: Readonly<Record<TransportMode, string>> = {
  road: 'Road',
  rail: 'Rail',
  air: 'Air',
  sea: 'Sea',
  'inland-water': 'InlandWaterway',
}

/** Fields that 1.0.0 asks for. */
export const mandatory = {
  shipment: ['mass', 'shipmentId', 'tces'],
  tce: ['tceId', 'shipmentId', 'mass', 'distance', 'transportActivity', 'co2eWTW', 'co2eTTW'],
  toc: ['tocId', 'mode', 'energyCarriers', 'co2eIntensityWTW', 'co2eIntensityTTW', 'transportActivityUnit'],
  hoc: ['hocId', 'hubType', 'energyCarriers', 'co2eIntensityWTW', 'co2eIntensityTTW', 'hubActivityUnit'],
  carrier: ['energyCarrier', 'relativeShare', 'emissionFactorWTW', 'emissionFactorTTW'],
} as const

/** Names of drafts, and what 1.0.0 has instead. */
export const removed: Readonly<Record<string, string>> = {
  co2eIntensityThroughput: 'transportActivityUnit of a TOC, hubActivityUnit of a HOC',
  co2eIntensityWTWThroughput: 'transportActivityUnit of a TOC, hubActivityUnit of a HOC',
  isVerified: 'certifications',
  isAccredited: 'certifications',
  feedstockPercentage: 'feedstockShare',
  voyageNumber: 'voyageNo',
  numberOfPieces: 'packagingOrTrEqAmount of the elements',
}

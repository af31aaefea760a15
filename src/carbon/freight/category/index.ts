export { countEnergy, type EnergyEmissions } from './count-energy.ts'
export { createLookup, type Lookup } from './look-up.ts'
export { type Intensity, type Parts, readIntensity } from './read-intensity.ts'
export { type Category, CategorySchema, type EnergyUse, EnergyUseSchema, hubTypes } from './schema.ts'

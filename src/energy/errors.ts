import { defineErrors } from '../kernel/index.ts'

export const energyErrors = defineErrors('energy', {
  badHorizon: { status: 422, title: 'The horizon does not fit' },
  noWeather: { status: 422, title: 'Weather is needed and not given' },
  badAsset: { status: 422, title: 'An asset is described wrongly' },
  missingData: { status: 422, title: 'Data is missing in the plan’s horizon' },
  belowZero: { status: 422, title: 'A value is below zero that cannot be' },
  beyondScale: { status: 422, title: 'A number is beyond what can be planned with' },
  noHistory: { status: 422, title: 'There is nothing to learn from' },
  badForecast: { status: 422, title: 'A forecast is asked for wrongly' },
  badSavings: { status: 422, title: 'Savings are asked for wrongly' },
  noBaseline: { status: 422, title: 'No baseline can be made of these measurements' },
  badTariff: { status: 422, title: 'The tariff is described wrongly' },
  badEconomics: { status: 422, title: 'The economics are described wrongly' },
  badOutage: { status: 422, title: 'An outage is asked for wrongly' },
  badBill: { status: 422, title: 'A bill is asked for wrongly' },
  badVariants: { status: 422, title: 'Variants are asked for wrongly' },
  badSize: { status: 422, title: 'Sizes are asked for wrongly' },
  noPlan: { status: 500, title: 'No plan could be made' },
  brokenCertificate: { status: 500, title: 'The plan fails its own check' },
})

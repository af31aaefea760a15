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
  noPlan: { status: 500, title: 'No plan could be made' },
  brokenCertificate: { status: 500, title: 'The plan fails its own check' },
})

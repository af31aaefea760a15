import type { RouteExample } from '../route.ts'
import { accountExamples } from './account-examples.ts'

const quarry = { id: 'quarry-microgrid' }
/** Hours of the quarry as every engine that looks ahead takes them. */
const morning = { site: 'quarry-microgrid', at: '2026-07-06T08:00', hours: 2, step: '1h' }

/** Examples of operations whose routes name none. Answers that are too large to be read are left out. */
export const examples: Readonly<Record<string, RouteExample>> = {
  ...accountExamples,
  listSites: {
    answer: {
      sites: [
        {
          id: 'quarry-microgrid',
          name: 'Gobi quarry microgrid',
          location: { latitude: 42.8, longitude: 93.5, altitudeM: 760 },
          zone: 'Asia/Shanghai',
          currency: 'CNY',
          simulated: false,
        },
        {
          id: 'liyang-park',
          name: 'Liyang zero-carbon park',
          location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 },
          zone: 'Asia/Shanghai',
          currency: 'CNY',
          simulated: false,
        },
      ],
    },
  },
  getSite: { params: quarry },
  getNow: { params: quarry },
  listGateways: { params: quarry, answer: { gateways: [], forward: null } },
  watchNow: { params: quarry, query: { changes: '1', points: 'pv.powerKw' } },
  writeObservations: {
    query: { site: 'quarry-microgrid', source: 'meter' },
    body: {
      observations: [
        { point: 'pv.powerKw', time: '2026-07-06T03:58:00Z', value: 500 },
        { point: 'pv.powerKw', time: '2026-07-06T03:40:00Z', value: 50000, unit: 'W' },
      ],
    },
    answer: { stored: 2 },
  },
  getPlan: { params: quarry },
  listJobs: { query: { limit: '50' }, answer: { jobs: [], next: null } },
  run_energy_plan: { body: { site: 'quarry-microgrid', at: '2026-07-06T00:00', hours: 2, step: '1h' } },
  run_energy_explain: { body: morning },
  run_energy_what_if: {
    body: { ...morning, variants: [{ name: 'no battery', changes: { assets: { battery: null } } }] },
  },
  run_energy_control: { body: morning },
  run_energy_simulate: { body: { ...morning, step: '15m', follow: 'rule' } },
  run_energy_bill: { body: { site: 'liyang-park', from: '2026-07-06T00:00', to: '2026-07-07T00:00', import: 900 } },
  run_carbon_check_claim: {
    body: {
      ...{ region: 'CN-JS', year: 2025 },
      text: 'The 5.8 MW solar roof gives 6.20 GWh a year and avoids 3,613 t of CO2 a year.',
    },
  },
  run_carbon_park_verdict: {
    body: {
      ...{ site: 'liyang-park', coal: 'calorific' },
      figures: {
        ...{ year: 2025, organisation: 'Park company, whole park' },
        energy: { totals: { calorific: { amount: 250_000, unit: 'tce' } } },
        emissions: { total: { amount: 55_000, unit: 'tCO2', greenPower: 'none' } },
      },
    },
  },
  run_carbon_match_hours: {
    body: {
      ...{ site: 'liyang-park', period: { from: '2026-07-06', to: '2026-07-08' }, region: 'CN-JS' },
      load: 2000,
      onSite: [{ id: 'hydro', powerKw: 45 }],
      certificates: [{ id: 'GEC-2026-000001', amountKwh: 20_000 }],
    },
  },
  run_carbon_account: {
    body: {
      ...{ name: 'Liyang park', period: { from: '2023-01-01', to: '2024-01-01' }, region: 'CN-JS' },
      activities: [
        {
          ...{ id: 'grid-january', activity: 'electricity', amount: '84210.4', unit: 'kWh' },
          ...{ from: '2023-01-01', to: '2023-02-01' },
        },
      ],
    },
  },
  run_alarms_anomaly: {
    body: {
      ...{ site: 'liyang-park', from: '2026-07-06T00:00', to: '2026-07-07T00:00' },
      meter: { observation: 'grid.powerKw' },
    },
  },
  run_energy_forecast: { body: { site: 'liyang-park', at: '2026-07-06T00:00', hours: 2, step: '1h' } },
}

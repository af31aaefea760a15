import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { packs } from '../packs.ts'
import type { OpenApiDocument, Operation } from './openapi/document.ts'
import { publishPlan } from './published-plan.ts'
import {
  type DeclaredSchemas,
  declaredSchemas,
  misfits,
  noonMs,
  observed,
  openTestServer,
  shortPlan,
  type TestServer,
} from './server.fixture.ts'

let test: TestServer
let document: OpenApiDocument
let schemas: DeclaredSchemas
let evidence: string
let jobId: string

beforeAll(async () => {
  test = await openTestServer()
  document = (await test.inject('/api/openapi.json')).json()
  schemas = await declaredSchemas(test)
  await test.store.observations.put([observed(noonMs - 60_000, 400)])
  const ran = await test.inject({ method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan })
  // The second run of a plan begins where the first ended, which its evidence tells too.
  const again = await test.inject({ method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan })
  evidence = again.json().evidence
  await publishPlan(test.store, 'quarry-microgrid', { ...ran.json(), publishedMs: noonMs })
  const asked = await test.inject({
    method: 'POST',
    url: '/api/v1/engines/energy.plan',
    payload: shortPlan,
    headers: { prefer: 'respond-async' },
  })
  jobId = asked.json().id
})
afterAll(() => test.close())

const operations = (): readonly { path: string; method: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 whose references all lead somewhere', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/)
    expect(document.info).toMatchObject({ title: expect.stringMatching(/\S/), version: expect.stringMatching(/^\d/) })
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(references.length).toBeGreaterThan(0)
    for (const ref of references) {
      expect(ref.startsWith('#/')).toBe(true)
      let found: unknown = document
      for (const part of ref.slice(2).split('/')) found = (found as Record<string, unknown>)[part]
      expect(found, ref).toBeTypeOf('object')
    }
  })

  it('names every operation once and declares every parameter of its path', () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(ids.length).toBeGreaterThan(10)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(declared.map(({ name }) => name)).toEqual(named)
      expect(declared.every(({ required }) => required)).toBe(true)
      expect(path).not.toContain(':')
      expect(operation.summary).toMatch(/\S/)
      expect(operation.responses.default?.content).toHaveProperty(['application/problem+json'])
      expect(operation.tags.every((tag) => document.tags.some(({ name }) => name === tag))).toBe(true)
    }
  })

  it('holds schemas of JSON Schema 2020-12 only', () => {
    const ajv = new Ajv2020({ strict: false })
    for (const { operation } of operations()) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
        Object.values(part?.content ?? {}),
      )
      for (const schema of [...bodies, ...operation.parameters].map((part) => part.schema)) {
        expect(ajv.validateSchema(schema as object), JSON.stringify(ajv.errors)).toBe(true)
      }
    }
  })

  it('is shown to people with every path and nothing from elsewhere', async () => {
    const page = await test.inject('/api/docs')
    expect(page.headers['content-type']).toContain('text/html')
    for (const { path, operation } of operations()) {
      expect(page.body).toContain(`<code>${path}</code>`)
      expect(page.body).toContain(`id="${operation.operationId}"`)
    }
    expect(page.body).not.toMatch(/<script|src=|@import|url\(/)
  })
})

/** Hours of the quarry as every engine that looks ahead takes them. */
const morning = { site: 'quarry-microgrid', at: '2026-07-06T08:00', hours: 2, step: '1h' }

/** Metered months of a plant, kWh, begun on the first of each month of these years. */
const billsOf = (years: readonly number[], kwh: readonly number[]) =>
  years.flatMap((year) =>
    kwh.map((amount, month) => {
      const first = (at: number) => new Date(Date.UTC(year, at, 1)).toISOString().slice(0, 10)
      return { from: first(month), to: first(month + 1), amount: amount - 2000 * (year - years[0]!) }
    }),
  )

/** A park of 250,000 tce whose emissions are 5,000 t above what the national scheme allows. */
const parkYear = {
  ...{ year: 2025, organisation: 'Park company' },
  energy: { totals: { calorific: { amount: 250_000, unit: 'tce' } } },
  emissions: { total: { amount: 55_000, unit: 'tCO2', greenPower: 'none' } },
  assumeRelative: 0.03,
}

/** The camp and one genset: the smallest site that can be sized. */
const oneGenset = {
  assets: { pv: null, battery: null, crusher: null, 'genset-a': null },
  ...{ points: null, balances: null, alarms: null },
}
const gensetFactor = { kgPerKwh: 0.68, source: 'gensets of the quarry' }
/** Small inputs: short spans, and a sizing of nothing but a battery beside the offices. */
const engineInputs: Readonly<Record<string, object>> = {
  'energy.plan': shortPlan,
  'energy.explain': morning,
  'energy.what-if': { ...morning, variants: [{ name: 'no battery', changes: { assets: { battery: null } } }] },
  'energy.control': morning,
  'energy.simulate': { ...morning, step: '15m', follow: 'rule' },
  'energy.backtest': {
    ...{ site: 'quarry-microgrid', at: '2026-07-06T00:00', days: 0.25, step: '1h', historyDays: 0 },
    controllers: ['none', 'control'],
  },
  'energy.size': {
    ...{ site: 'liyang-park', at: '2026-01-01T00:00', preview: true, backtest: 'none' },
    changes: {
      assets: Object.fromEntries(
        ['roof-pv', 'carpark-pv', 'canopy-500', 'wind', 'hydro', 'genset', 'ev', 'factory'].map((id) => [id, null]),
      ),
      investment: {
        options: [{ asset: 'battery', size: 'capacityKwh', existing: 4000, max: 30000, capexPerUnit: 780 }],
      },
    },
  },
  'energy.bill': { site: 'liyang-park', from: '2026-07-06T00:00', to: '2026-07-07T00:00', import: 900 },
  'energy.forecast': { site: 'liyang-park', at: '2026-07-06T00:00', hours: 2, step: '1h' },
  'energy.savings': {
    site: 'liyang-park',
    baseline: { from: '2024-01-01', to: '2025-01-01' },
    reporting: { from: '2025-01-01', to: '2026-01-01' },
    granularity: 'monthly',
    meters: {
      power: {
        bills: billsOf(
          [2024, 2025],
          [98, 91, 99, 97, 101, 103, 108, 107, 100, 97, 96, 99].map((MWh) => 1e3 * MWh),
        ),
      },
    },
  },
  'alarms.anomaly': {
    ...{ site: 'liyang-park', from: '2026-07-06T00:00', to: '2026-07-08T00:00' },
    meter: Array.from({ length: 24 }, (_, hour) => 100 + 80 * Math.sin(hour / 4)),
  },
  'carbon.check-claim': { text: 'A 5 MW solar park gives 60 GWh per year.' },
  'carbon.account': {
    ...{ site: 'liyang-park', period: { from: '2023-01-01', to: '2024-01-01' }, region: 'CN-JS' },
    activities: [
      { id: 'grid', activity: 'electricity', amount: '84210.4', unit: 'kWh', from: '2023-01-01', to: '2023-02-01' },
    ],
  },
  'carbon.match-hours': {
    ...{ site: 'liyang-park', period: { from: '2026-07-06', to: '2026-07-07' }, load: 2000, region: 'CN-JS' },
    onSite: [{ id: 'hydro', powerKw: 45 }],
  },
  'carbon.transport-chain': {
    shipment: { id: 'S', massKg: '87' },
    elements: [{ id: 'road', category: 'truck', distance: { kind: 'actual', km: '423' } }],
    categories: [
      {
        ...{ id: 'truck', kind: 'transport', mode: 'road', per: 't·km', distance: 'actual', data: 'primary' },
        intensity: { from: 'stated', ttwKgCo2e: '0.0891', wtwKgCo2e: '0.1', source: 'carrier' },
      },
    ],
  },
  'carbon.product-footprint': {
    company: { name: 'Works', ids: ['urn:company:example:works'] },
    product: { name: 'Part', description: 'A steel part', ids: ['urn:gtin:5695872369587'] },
    declaredUnit: { unit: 'kilogram', amount: '1', massKg: '1', fossilCarbonKg: '0' },
    period: { from: '2024-01-01', to: '2025-01-01' },
    outputs: [{ id: 'part', amount: '1000' }],
    activities: [
      {
        ...{ kind: 'stated', id: 'steel', amount: '1.1', unit: 't', source: 'mill', data: 'primary' },
        per: { fossilGhgEmissions: '1900' },
      },
    ],
  },
  'carbon.check-footprint': { footprint: { tces: [], mass: '87', shipmentId: 'S' } },
  'carbon.park-verdict': { site: 'liyang-park', figures: parkYear, draws: 200 },
  'carbon.park-path': { site: 'liyang-park', figures: parkYear, coal: 'calorific', method: 'none' },
  'carbon.battery': { site: 'quarry-microgrid', at: '2026-07-06T10:00', hours: 3, average: gensetFactor },
  'carbon.avoided': {
    ...{ project: 'roof', period: { from: '2023-01-01', to: '2024-01-01' }, electricity: 'average' },
    activities: [{ kind: 'displacement', id: 'sun', amount: '1200', unit: 'MWh', factor: 'grid-cn/CN-JS.2023' }],
    ...{ leakage: { none: 'none is known' }, additionality: { share: '1', reason: 'no rule asks for it' } },
  },
  'carbon.abatement-curve': {
    ...{ site: 'quarry-microgrid', year: 2026, changes: oneGenset },
    measures: [{ id: 'set', sizes: [{ asset: 'genset-b', size: 'ratedKw', to: 400, capexPerUnit: 1000 }] }],
  },
  'energy.resilience': { site: 'quarry-microgrid', at: '2026-07-06T00:00', hours: 24, outageHours: 4 },
}

describe('every operation of the document', () => {
  /** How to call each operation so that it succeeds. */
  const calls: Readonly<Record<string, () => { url: string; payload?: object }>> = {
    listSites: () => ({ url: '/api/v1/sites' }),
    getSite: () => ({ url: '/api/v1/sites/liyang-park' }),
    getNow: () => ({ url: '/api/v1/sites/quarry-microgrid/now' }),
    getPlan: () => ({ url: '/api/v1/sites/quarry-microgrid/plan' }),
    writeObservations: () => ({
      url: '/api/v1/observations?site=quarry-microgrid',
      payload: { observations: [{ point: 'pv.powerKw', timestampMs: noonMs, value: 12, unit: 'kW' }] },
    }),
    readObservations: () => ({ url: '/api/v1/observations?site=quarry-microgrid&points=pv.powerKw,battery.soc' }),
    listEngines: () => ({ url: '/api/v1/engines' }),
    ...Object.fromEntries(
      Object.entries(engineInputs).map(([id, payload]) => [
        `run_${id.replaceAll(/[^a-zA-Z0-9]/g, '_')}`,
        () => ({ url: `/api/v1/engines/${id}`, payload }),
      ]),
    ),
    getLedger: () => ({ url: '/api/v1/sites/quarry-microgrid/ledger' }),
    listLedgerEntries: () => ({ url: '/api/v1/sites/quarry-microgrid/ledger/entries' }),
    listLedgerCredits: () => ({ url: '/api/v1/sites/quarry-microgrid/ledger/credits' }),
    listJobs: () => ({ url: '/api/v1/jobs?limit=5' }),
    getJob: () => ({ url: `/api/v1/jobs/${jobId}` }),
    cancelJob: () => ({ url: `/api/v1/jobs/${jobId}` }),
    listRuns: () => ({ url: '/api/v1/runs?site=quarry-microgrid&limit=5' }),
    getRun: () => ({ url: `/api/v1/runs/${evidence}` }),
    replayRun: () => ({ url: `/api/v1/runs/${evidence}/replay` }),
    listBackups: () => ({ url: '/api/v1/backups' }),
    getHealth: () => ({ url: '/health' }),
    getHealthReasons: () => ({ url: '/api/v1/health' }),
  }
  /** Streams, and what is no JSON; routes/live.test.ts, jobs.test.ts and metrics.test.ts beside it read them. */
  const elsewhere = [
    ...[
      'watchNow',
      'openLive',
      'watchJob',
      'getMetrics',
      'createBackup',
      'watchAlarms',
      'acknowledgeAlarm',
      'resetAlarm',
    ],
    // It needs the run of an inventory: routes/report.test.ts.
    'getRunReport',
    // They need entries: routes/ledger.test.ts.
    ...['getLedgerProof', 'getLedgerConsistency', 'readLedgerExport', 'writeLedgerEntries'],
    // They need a site that commands: commands/commands.test.ts.
    ...['replayCommands', 'overrideCommand', 'endOverride'],
    // They need a station: charging/charging-routes.test.ts.
    ...['startCharging', 'stopCharging', 'unlockCharging', 'resetStation'],
  ]
  /** Asked as the document shows it in openapi/examples.test.ts. */
  const shown = [
    ...['getSensorThings', 'readSensorThings', 'createSensorThing', 'readSensorDatastreams', 'createSensorDatastream'],
    ...['readSensorObservations', 'createSensorObservation', 'createSensorObservations', 'readSensorAddress'],
    ...['readSensorEntity', 'removeSensorEntity', 'readObservationsOfEntity', 'createObservationOfEntity'],
    ...['readDatastreamsOfEntity', 'createDatastreamOfEntity'],
    ...[
      'listPoints',
      'declarePoint',
      'getPoint',
      'removePoint',
      'listBalances',
      'readBalance',
      'readLatest',
      'listGateways',
      'setGatewayFaults',
    ],
    ...['listAlarms', 'shelveAlarm', 'unshelveAlarm', 'outOfServiceAlarm', 'inServiceAlarm', 'readAlarmJournal'],
    'readAlarmKpis',
    ...['getCharging', 'listChargingSessions', 'readForecastQuality'],
    ...['getCommands', 'readCommandLog', 'holdCommands', 'releaseCommands'],
    ...['listDocuments', 'getDocument', 'listDocumentVersions', 'putDocument'],
  ]

  it('has a call below', () => {
    expect([...Object.keys(calls), ...elsewhere, ...shown].sort()).toEqual(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    )
  })

  it.each(Object.keys(calls))(
    '%s answers with the body it declares',
    async (operationId) => {
      const found = operations().find(({ operation }) => operation.operationId === operationId)
      const { path, method } = found!
      const { url, payload } = calls[operationId]!()
      const answer = await test.inject({ method: method.toUpperCase() as 'GET', url, ...(payload ? { payload } : {}) })
      const isLong = packs.flatMap((pack) => pack.engines).some(({ id, long }) => long && url.endsWith(`/${id}`))
      const status = isLong ? 202 : 200
      expect(answer.statusCode, answer.body).toBe(status)
      expect(answer.headers['content-type']).toContain('application/json')
      expect(misfits(schemas.answer(path, method, status), answer.json())).toEqual([])
      expect(answer.body).not.toMatch(/NaN|Infinity/)
      if (!isLong) return
      const job = `${answer.headers.location}`
      await vi.waitUntil(async () => (await test.inject(job)).json().finishedMs !== null, {
        timeout: 110_000,
        interval: 50,
      })
      const done = await test.inject(job)
      expect(done.json(), done.body).toMatchObject({ state: 'done', problem: null })
      expect(misfits(schemas.answer(path, method, 200), done.json().result)).toEqual([])
      expect(done.body).not.toMatch(/NaN|Infinity/)
    },
    120_000,
  )

  it('is checked by schemas that can refuse', () => {
    for (const { path, method, operation } of operations()) {
      if (!elsewhere.includes(operation.operationId)) expect(schemas.answer(path, method, 200)?.([])).toBe(false)
    }
  })
})

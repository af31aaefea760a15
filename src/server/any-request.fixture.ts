import fc from 'fast-check'
import type { InjectOptions } from 'fastify'

/** The first six times of seven. */
const mostly = <T, U>(first: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 6, arbitrary: first }, { weight: 1, arbitrary: other })

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '..', '%', 'null', '__proto__', 'constructor', '0', '-1', '1e999', '2026-07-06T00:00', '15m'),
)
const siteId = mostly(fc.constantFrom('quarry-microgrid', 'liyang-park'), text)
const json = fc.jsonValue({ maxDepth: 3 })
const number = fc.oneof(fc.constantFrom(0, -1, 1e308, 0.1, 5e-324), fc.double({ noNaN: true, noDefaultInfinity: true }))

/** Of next to nothing, and a thousand times what any park has. */
const size = fc.constantFrom(0, 1e-300, 1e-9, 1, 1e6, '1 MW')
const extremeChanges = fc.record(
  {
    assets: fc.record(
      {
        pv: fc.record({ capacityKwp: size, production: size, curtailable: fc.boolean() }, { requiredKeys: [] }),
        battery: fc.record(
          { capacityKwh: size, maxChargeKw: size, maxDischargeKw: size, initialSoc: fc.constantFrom(0, 0.5, 1) },
          { requiredKeys: [] },
        ),
        'genset-a': fc.record(
          {
            ratedKw: size,
            startCost: size,
            minUpHours: size,
            fuel: fc.record({ pricePerUnit: size, perKwh: size }, { requiredKeys: [] }),
          },
          { requiredKeys: [] },
        ),
        crusher: fc.record({ demand: size }, { requiredKeys: [] }),
        grid: fc.record(
          { kind: fc.constant('grid'), importLimitKw: size, exportLimitKw: size },
          { requiredKeys: ['kind', 'importLimitKw'] },
        ),
      },
      { requiredKeys: [] },
    ),
    tariff: fc.record(
      { import: fc.record({ spot: size, feePerKwh: size }, { requiredKeys: [] }), carbonPricePerKg: size },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

/** A point to be declared: sometimes right, mostly not. */
const point = fc.record(
  {
    ref: mostly(fc.constantFrom('shed.powerKw', 'pv.powerKw', 'shed.twiceKw', '__proto__.x', 'a.b.c'), text),
    unit: mostly(fc.constantFrom('kW', 'CUR/h', 'furlong', '1'), text),
    expression: mostly(fc.constantFrom('shed.powerKw', 'pv.powerKw * 2', '(', '1/0', 'shed.twiceKw'), text),
    counter: fc.oneof(fc.constant({}), json),
    retentionDays: fc.oneof(number, json),
  },
  { requiredKeys: [] },
)

/** A change to the quarry: sometimes right, mostly not. */
const changes = fc.oneof(
  extremeChanges,
  json,
  fc.dictionary(
    fc.constantFrom('id', 'zone', 'currency', 'location', 'assets', 'tariff', 'limits', 'wishes', 'weather'),
    json,
    {
      maxKeys: 3,
    },
  ),
  fc.record({
    assets: fc.dictionary(
      fc.constantFrom('pv', 'battery', 'genset-a', 'crusher', 'new'),
      fc.oneof(
        json,
        fc.dictionary(
          fc.constantFrom(
            'kind',
            'capacityKwp',
            'capacityKwh',
            'ratedKw',
            'demand',
            'initialSoc',
            'minSoc',
            'wear',
            'fuel',
            'production',
          ),
          fc.oneof(json, number, fc.constantFrom('pv', 'battery', 'load', '1 MW', '50 %', '3 furlong')),
          { maxKeys: 3 },
        ),
      ),
      { maxKeys: 3 },
    ),
  }),
)
/** Never more than a few steps: this looks for requests that break the server, not for ones that keep it busy. */
const planInput = fc.record(
  {
    site: siteId,
    hours: mostly(fc.constantFrom(1, 2, 0.5), fc.oneof(fc.constantFrom(0, 1e9), json)),
    step: mostly(fc.constantFrom('1h', '30m'), fc.oneof(fc.constantFrom('7m', '0m', '999999999d'), text)),
    at: mostly(fc.constantFrom('2026-07-06T00:00', '1900-01-01', '9999-12-31T23:00', '0000-01-01T00:00Z'), text),
    changes,
  },
  { requiredKeys: ['site', 'hours', 'step'] },
)
const query = fc.oneof(
  fc.dictionary(text, text, { maxKeys: 4 }),
  fc.record(
    {
      site: siteId,
      points: fc.oneof(fc.constantFrom('pv.powerKw', 'pv.powerKw,battery.soc', 'battery.soc,,'), text),
      from: fc.oneof(fc.constantFrom('0', '999999999999999', '2026-07-06T00:00Z', '2026-02-31T00:00Z'), text),
      to: fc.oneof(fc.constantFrom('0', '1783310400000', '2026-07-06T24:00+99:99'), text),
      bucket: fc.oneof(fc.constantFrom('1s', '99999d', '5m', '0s', '1d', '1mo', '99999mo', '1w'), text),
      aggregates: fc.oneof(fc.constantFrom('mean', 'mean,max,count', 'rise', 'median', ','), text),
      minQuality: fc.oneof(fc.constantFrom('good', 'suspect', 'missing'), text),
      limit: fc.oneof(fc.constantFrom('1', '0', '200000', '200001', '1e3', '-1'), text),
      cursor: fc.oneof(fc.constantFrom('WzE3ODMzMTA0MDAwMDBd', 'WyJhIl0', 'WyJhIiwiYiJd', 'e30', '!'), text),
      version: fc.oneof(fc.constantFrom('1', '0', '2147483648'), text),
      owner: text,
      role: fc.oneof(fc.constantFrom('measured', 'computed'), text),
    },
    { requiredKeys: [] },
  ),
)
const headers = fc.record(
  {
    prefer: fc.oneof(
      fc.constantFrom('wait=0', 'respond-async', 'wait=999999999999', 'wait, respond-async'),
      fc.string(),
    ),
    accept: mostly(
      fc.constantFrom('text/html', '*/*', 'application/json'),
      fc.constantFrom('image/png', ';;q=', '*/*;q=x'),
    ),
    'if-match': fc.oneof(fc.constantFrom('"1"', '*', 'W/"1"', '"99999999999"'), fc.string()),
    'if-none-match': fc.oneof(fc.constantFrom('"1"', '*', ','), fc.string()),
    'content-type': mostly(
      fc.constant('application/json'),
      fc.constantFrom('application/json; charset=utf-16', 'text/plain', 'nonsense'),
    ),
  },
  { requiredKeys: [] },
)
const printable = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?')

/** Any request to one of the operations: ids, query, headers and body from anywhere. */
export const anyRequestTo = (operations: readonly { readonly path: string; readonly method: string }[]) =>
  fc
    .record({
      // Engines take the most, so they are asked the most.
      operation: fc.oneof(
        fc.constantFrom(...operations),
        fc.constantFrom(...operations.filter(({ path }) => path.startsWith('/api/v1/engines/'))),
      ),
      id: fc.oneof(siteId, fc.constant('0'.repeat(64))),
      query,
      headers,
      part: mostly(fc.constantFrom('pv.powerKw', 'shed.powerKw', 'electricity', 'note'), text),
      body: mostly(
        fc.oneof({ weight: 4, arbitrary: planInput }, { weight: 1, arbitrary: point }),
        fc.oneof(json, fc.string()),
      ),
    })
    .map(({ operation, id, part, query: asked, headers: sent, body }): InjectOptions => {
      const search = new URLSearchParams(
        Object.entries(asked).map(([name, value]): [string, string] => [name, value.toWellFormed()]),
      )
      const isText = typeof body === 'string'
      return {
        method: operation.method.toUpperCase() as 'GET',
        url: `${operation.path
          .replace('{id}', encodeURIComponent(id.toWellFormed()))
          .replaceAll(/\{\w+\}/g, encodeURIComponent(part.toWellFormed()))}?${search}`,
        headers: {
          'content-type': 'application/json',
          ...Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, printable(value)])),
        },
        ...(operation.method === 'get' ? {} : { payload: isText ? body : JSON.stringify(body) }),
      }
    })

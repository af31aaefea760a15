import Type from 'typebox'
import { defineEngine } from './engine/engine.ts'
import type { Pack } from './engine/pack.ts'
import { MangroveError, type Problem } from './errors.ts'
import { fraction, quantity, seriesOf, timeOfDay } from './site/fields.ts'

/** An engine that sums what a load draws, in kWh. */
export const sumEngine = defineEngine({
  id: 'test.sum',
  title: 'Sum',
  description: 'Energy of a load',
  version: '1.0.0',
  input: Type.Object({ site: Type.String(), hours: Type.Number({ minimum: 1, default: 2 }) }),
  output: Type.Object({ energyKwh: Type.Number(), nowMs: Type.Number(), draw: Type.Number() }),
  positional: 'site',
  async run({ site: ref, hours }, { data, clock, random }) {
    const site = await data.site(ref)
    const load = site.assets.find(({ kind }) => kind === 'load')
    const grid = { startMs: 0, stepMs: 3_600_000, count: hours }
    const series = await data.series(site, {
      source: load?.demand as number,
      grid,
      unit: 'kW',
      path: 'assets.load.demand',
    })
    return { energyKwh: series.values.reduce((sum, value) => sum + value, 0), nowMs: clock.now(), draw: random.next() }
  },
})

/** A small pack with every shape a field can have. */
export const testPack: Pack = {
  name: 'test',
  title: 'Test',
  assets: [
    {
      kind: 'load',
      title: 'Load',
      schema: Type.Object({ demand: seriesOf('kW') }),
      points: [{ id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' }],
    },
    {
      kind: 'tank',
      title: 'Tank',
      schema: Type.Object({
        volumeM3: quantity('m3', { exclusiveMinimum: 0 }),
        fill: fraction({ default: 0.5 }),
        mode: Type.Union([Type.Literal('open'), Type.Literal('closed')], { default: 'open' }),
        curve: Type.Optional(Type.Array(Type.Tuple([Type.Number(), Type.Number()]), { minItems: 2 })),
        count: Type.Optional(Type.Integer({ minimum: 1 })),
        wear: Type.Object({ life: Type.Number({ default: 10 }) }, { default: {} }),
      }),
      points: [],
      check: (asset) =>
        asset.fill === 1 && asset.mode === 'closed'
          ? [{ detail: 'A full tank cannot be closed', place: { path: 'mode' }, found: 'closed', expected: 'open' }]
          : [],
    },
  ],
  sections: [
    {
      name: 'hours',
      title: 'Hours',
      schema: Type.Object({ from: timeOfDay({ default: '08:00' }), price: Type.Optional(seriesOf('CUR/kWh')) }),
    },
  ],
  engines: [sumEngine],
}

/** The problems an action throws; none when it does not. */
export function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action()
    return []
  } catch (error) {
    if (error instanceof MangroveError) return error.problems
    throw error
  }
}

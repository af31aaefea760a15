import type { ChainInput } from './schema.ts'

type Category = ChainInput['categories'][number]
type Stated = Extract<Category['intensity'], { from: 'stated' }>

/** A lorry of which a carrier states both parts, kg CO2e a t·km. */
export const lorry = (id: string, stated: Omit<Stated, 'from' | 'source'>, over: Partial<Category> = {}): Category => ({
  ...{ id, kind: 'transport', mode: 'road', per: 't·km', distance: 'actual', data: 'primary' },
  intensity: { from: 'stated', source: 'carrier', ...stated },
  ...over,
})

/** iLEAP 1.0.0, end-to-end example: 87 kg over 423 km at 0.1 and over 321 km at 0.17 kg CO2e a t·km. */
export const ileapChain: Pick<ChainInput, 'shipment' | 'elements' | 'categories'> = {
  shipment: { id: '1237890', massKg: '87' },
  elements: [
    { id: 'abcdef', category: 'truck-40t-euro5-de', distance: { kind: 'actual', km: '423' } },
    { id: 'ghijkl', category: 'operator-z-truck-89sdff', distance: { kind: 'actual', km: '321' } },
  ],
  categories: [
    lorry('truck-40t-euro5-de', { wtwKgCo2e: '0.1', ttwKgCo2e: '0.0891' }),
    lorry('operator-z-truck-89sdff', { wtwKgCo2e: '0.17', ttwKgCo2e: '0.153' }, { data: 'modelled' }),
  ],
}

import { describe, expect, it } from 'vitest'
import { type ChainOutput, type CheckFootprintOutput, carbonPack, type ProductOutput } from '../carbon/index.ts'
import { type DataPort, fixedClock, runEngine, type SolverPort } from '../kernel/index.ts'
import { showChain, showFootprintCheck, showProduct } from './show-freight.ts'

const ports = { data: {} as DataPort, solver: {} as SolverPort, clock: fixedClock(0) }
async function run<Output>(id: string, input: object): Promise<Output> {
  const engine = carbonPack.engines.find((one) => one.id === id)!
  return (await runEngine<Output>(engine, input, ports)).output
}
const chain = {
  shipment: { id: 'S', massKg: '1000' },
  elements: [
    { id: 'road', category: 'truck', distance: { kind: 'actual', km: '100' } },
    { id: 'port', category: 'hub' },
  ],
  categories: [
    {
      ...{ id: 'truck', kind: 'transport', mode: 'road', per: 't·km', distance: 'actual', data: 'primary' },
      intensity: { from: 'stated', wtwKgCo2e: '0.1', source: 'carrier' },
    },
    {
      ...{ id: 'hub', kind: 'hub', hubType: 'Warehouse', per: 't', data: 'default' },
      intensity: { from: 'stated', ttwKgCo2e: '0.2', wttKgCo2e: '0.3', source: 'hub' },
    },
  ],
}

describe('freight and footprints at a terminal', () => {
  it('show a dash for what is not known, and no zero', async () => {
    const text = showChain(await run<ChainOutput>('carbon.transport-chain', chain))
    expect(text).toMatch(/^Shipment S: 10\.5 kg CO2e \(WTW, AR6\), 100 t·km/)
    expect(text).toMatch(/road \(truck\) +road +100\.0 km actual +100\.000 +– +– +10\.000/)
    expect(text).toMatch(/port \(hub\) +hub +– +– +0\.200 +0\.300 +0\.500/)
    expect(text).toMatch(/Tank-to-wheel is not known of every element/)
  })

  it('show shares of consignments where they were asked for', async () => {
    const allocation = {
      by: 'mass',
      consignments: [
        { id: 'A', amount: '400' },
        { id: 'B', amount: '600' },
      ],
    }
    expect(showChain(await run<ChainOutput>('carbon.transport-chain', { ...chain, allocation }))).toMatch(
      /A +400 +– +– +4\.200/,
    )
  })

  it('show a product by term, activity and output', async () => {
    const output = await run<ProductOutput>('carbon.product-footprint', {
      company: { name: 'Works', ids: ['urn:company:works'] },
      product: { name: 'Part', description: 'A part', ids: ['urn:gtin:1'] },
      declaredUnit: { unit: 'kilogram', amount: '1', massKg: '1', fossilCarbonKg: '0' },
      period: { from: '2024-01-01', to: '2025-01-01' },
      outputs: [
        { id: 'part', amount: '10', massKg: '10' },
        { id: 'rest', amount: '10', massKg: '10' },
      ],
      allocation: { by: 'mass' },
      activities: [
        { kind: 'stated', id: 'steel', amount: '10', unit: 'kg', source: 'mill', per: { fossilGhgEmissions: '2' } },
      ],
    })
    const text = showProduct(output)
    expect(text).toMatch(/^1 kilogram of Part: 1 kg CO2e without uptake, 1 with it/)
    expect(text).toMatch(/steel +stated +100\.00 % +–/)
    expect(text).toMatch(/rest +10\.000/)
  })

  it('show findings, the gravest first', async () => {
    const footprint = { data: [{ tces: [], mass: '87', shipmentId: 'S' }, { mass: '1' }] }
    const text = showFootprintCheck(await run<CheckFootprintOutput>('carbon.check-footprint', { footprint }))
    expect(text).toMatch(/^data\.0: ileap-shipment: breaches, 1 findings\n\n {2}- breach no-elements at tces/)
    expect(text).toMatch(/\n\ndata\.1: unknown: breaches/)
  })
})

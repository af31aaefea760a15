// Devices whose registers change at known moments, and the site file that reads them.

/** Devices of the yard; each has so many values. */
export const yardDevices = 50
export const yardValues = 20
/** The first register of a device changes this often, ms. */
export const changeMs = 3000

/** Devices change at moments that are evenly spread. */
export const phaseMs = (device: number): number => Math.round((changeMs * device) / yardDevices)

/** What the first register of a device holds at a moment: the number of its change. */
export const changeAt = (device: number, nowMs: number): number => Math.floor((nowMs - phaseMs(device)) / changeMs)

/** When it changed to a value, UTC ms. */
export const changedMs = (device: number, value: number): number => value * changeMs + phaseMs(device)

const devices = Array.from({ length: yardDevices }, (_, device) => device)
const points = Array.from({ length: yardValues }, (_, point) => point)

/** Settings of the gateway of a device. */
export const settingsOf = (device: number, port: number) => ({
  ...{ protocol: 'modbus', host: '127.0.0.1', port, period: '1s' },
  devices: {
    meter: {
      asset: `m${device}`,
      registers: points.map((point) => ({ point: `p${point}`, address: 2 * point, type: 'u32', unit: 'kW' })),
    },
  },
})

/** A site that reads every device once a second, each on a link of its own. JSON is YAML. */
export const yardSite = (ports: readonly number[]): string =>
  JSON.stringify({
    ...{ id: 'yard', name: 'Yard', zone: 'UTC', currency: 'EUR', location: { latitude: 50, longitude: 8 } },
    assets: {
      grid: { kind: 'grid', importLimitKw: 1000 },
      works: { kind: 'load', demand: 50 },
    },
    tariff: { import: { timeOfUse: { periods: [{ name: 'day', pricePerKwh: 0.2 }] } } },
    points: Object.fromEntries(
      devices.flatMap((device) => points.map((point) => [`m${device}.p${point}`, { unit: 'kW' }])),
    ),
    gateways: Object.fromEntries(devices.map((device) => [`g${device}`, settingsOf(device, ports[device]!)])),
  })

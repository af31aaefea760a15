import { peerErrors, throwProblems } from '../errors.ts'
import { createJsonReader, type JsonReader, parseJson } from '../json-reader.ts'
import {
  chargingStrategies,
  dischargingStrategies,
  type EvccBattery,
  type EvccCase,
  type EvccCircuit,
  type EvccExpected,
  type EvccRequest,
} from './request.ts'

/** Fields of later versions of the peer that would change the answer and are not modelled here. */
const unsupported: Readonly<Record<string, readonly string[]>> = {
  request: ['heating'],
  'request.time_series': ['ft_err'],
  battery: ['r_departure', 'solar_hold_pct'],
}

const defaultEfficiency = 0.95

/**
 * Reads a test case of the evcc optimizer: `request`, and `expected_response` where the file has it.
 * Source of the format: evcc-io/optimizer `openapi.yaml` and `src/optimizer/app.py` (MIT); defaults are theirs:
 * `s_capacity` = `s_max`, efficiencies 0.95, no strategy, batteries that neither charge from nor discharge to the grid.
 *
 * @throws {MangroveError} `peer-case.malformed`, `peer-case.missing`, `peer-case.bad-value`, `peer-case.unsupported`
 */
export function readEvccCase(file: string, text: string): EvccCase {
  const reader = createJsonReader(file)
  const root = reader.object(parseJson(file, text), 'file')
  const request = readRequest(reader, reader.object(root.request, 'request'), file)
  const response = root.expected_response
  const expected =
    response === undefined || response === null
      ? undefined
      : readExpected(reader, reader.object(response, 'expected_response'))
  throwProblems(reader.problems)
  return { request, ...(expected ? { expected } : {}), strict: root.strict === true }
}

function readRequest(reader: JsonReader, request: Readonly<Record<string, unknown>>, file: string): EvccRequest {
  const refuse = (fields: Readonly<Record<string, unknown>>, kind: string, path: string): void => {
    for (const field of unsupported[kind] ?? []) {
      const value = fields[field]
      if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue
      reader.problems.push(
        peerErrors.unsupported.problem({
          detail: `${field} is not modelled here and would change the answer`,
          place: { file, path: `${path}.${field}` },
        }),
      )
    }
  }
  const part = (value: unknown, path: string): Readonly<Record<string, unknown>> =>
    value === undefined || value === null ? {} : reader.object(value, path)

  refuse(request, 'request', 'request')
  const series = reader.object(request.time_series, 'request.time_series')
  refuse(series, 'request.time_series', 'request.time_series')
  const stepS = reader.numbers(series.dt, 'request.time_series.dt', { minimum: 0 })
  const length = stepS.length
  if (Array.isArray(series.dt) && length === 0)
    reader.problems.push(
      peerErrors.badValue.problem({
        detail: 'The case has no time step',
        place: { file, path: 'request.time_series.dt' },
        expected: 'at least one',
      }),
    )
  const column = (name: string): number[] => reader.numbers(series[name], `request.time_series.${name}`, { length })
  const loadWh = column('gt')
  const added = series.gt_add === undefined || series.gt_add === null ? [] : reader.list(series.gt_add, 'gt_add')
  added.forEach((entry, k) => {
    reader.numbers(entry, `request.time_series.gt_add[${k}]`, { length }).forEach((value, t) => {
      loadWh[t] = (loadWh[t] ?? 0) + value
    })
  })
  const efficiencies = {
    charge: reader.optionalNumber(request.eta_c, 'request.eta_c', { minimum: 0, maximum: 1 }) ?? defaultEfficiency,
    discharge: efficiencyOut(reader, request.eta_d, 'request.eta_d') ?? defaultEfficiency,
  }
  const batteries = reader.list(request.batteries, 'request.batteries').map((entry, i) => {
    const path = `request.batteries[${i}]`
    const fields = reader.object(entry, path)
    refuse(fields, 'battery', path)
    return readBattery(reader, fields, { path, length, efficiencies })
  })
  const grid = part(request.grid, 'request.grid')
  const strategy = part(request.strategy, 'request.strategy')
  const limit = (name: string): number | undefined =>
    reader.optionalNumber(grid[name], `request.grid.${name}`, { minimum: 0 })
  const maxImportW = limit('p_max_imp')
  const maxExportW = limit('p_max_exp')
  const excessPricePerW = limit('prc_p_exc_imp')
  return {
    // An unknown name reaches no branch of the peer either: the case is solved without a strategy.
    charging: chargingStrategies.find((name) => name === strategy.charging_strategy) ?? 'none',
    discharging: dischargingStrategies.find((name) => name === strategy.discharging_strategy) ?? 'none',
    ...(maxImportW === undefined ? {} : { maxImportW }),
    ...(maxExportW === undefined ? {} : { maxExportW }),
    ...(excessPricePerW === undefined || maxImportW === undefined ? {} : { excessPricePerW }),
    batteries,
    circuits: readCircuits(reader, request.circuits, batteries.length),
    stepS,
    loadWh,
    solarWh: column('ft'),
    importPricePerWh: column('p_N'),
    exportPricePerWh: column('p_E'),
  }
}

/** What leaves a battery is divided by it, so it cannot be zero. */
const efficiencyOut = (reader: JsonReader, value: unknown, path: string): number | undefined =>
  reader.optionalNumber(value, path, { minimum: 1e-6, maximum: 1 })

interface BatteryContext {
  readonly path: string
  readonly length: number
  readonly efficiencies: { readonly charge: number; readonly discharge: number }
}

function readBattery(
  reader: JsonReader,
  fields: Readonly<Record<string, unknown>>,
  { path, length, efficiencies }: BatteryContext,
): EvccBattery {
  const positive = (name: string): number => reader.number(fields[name], `${path}.${name}`, { minimum: 0 })
  const wish = (name: string): number[] | undefined =>
    fields[name] === undefined || fields[name] === null
      ? undefined
      : reader.numbers(fields[name], `${path}.${name}`, { length })
  const maxWh = positive('s_max')
  const demandWh = wish('p_demand')
  const goalWh = wish('s_goal')
  const dischargeDemandWh = wish('d_demand')
  return {
    chargeFromGrid: reader.boolean(fields.charge_from_grid, `${path}.charge_from_grid`),
    dischargeToGrid: reader.boolean(fields.discharge_to_grid, `${path}.discharge_to_grid`),
    capacityWh: reader.optionalNumber(fields.s_capacity, `${path}.s_capacity`, { minimum: 0 }) ?? maxWh,
    minWh: positive('s_min'),
    maxWh,
    initialWh: positive('s_initial'),
    minChargeW: positive('c_min'),
    maxChargeW: positive('c_max'),
    maxDischargeW: positive('d_max'),
    valuePerWh: reader.number(fields.p_a, `${path}.p_a`),
    ...(demandWh ? { demandWh } : {}),
    ...(goalWh ? { goalWh } : {}),
    ...(dischargeDemandWh ? { dischargeDemandWh } : {}),
    priority: reader.optionalNumber(fields.c_priority, `${path}.c_priority`, { minimum: 0 }) ?? 0,
    chargeEfficiency:
      reader.optionalNumber(fields.eta_c, `${path}.eta_c`, { minimum: 0, maximum: 1 }) ?? efficiencies.charge,
    dischargeEfficiency: efficiencyOut(reader, fields.eta_d, `${path}.eta_d`) ?? efficiencies.discharge,
  }
}

function readCircuits(reader: JsonReader, value: unknown, batteries: number): EvccCircuit[] {
  if (value === undefined || value === null) return []
  return reader.list(value, 'request.circuits').map((entry, k) => {
    const path = `request.circuits[${k}]`
    const fields = reader.object(entry, path)
    const range = { minimum: 0, maximum: batteries - 1 }
    return {
      maxW: reader.number(fields.p_max, `${path}.p_max`, { minimum: 0 }),
      batteries: reader.numbers(fields.batteries, `${path}.batteries`, range),
    }
  })
}

function readExpected(reader: JsonReader, response: Readonly<Record<string, unknown>>): EvccExpected {
  const path = 'expected_response'
  const numbers = (value: unknown, name: string): number[] => reader.numbers(value, `${path}.${name}`)
  const objective = response.objective_value
  const batteries = Array.isArray(response.batteries) ? response.batteries : []
  const parts = batteries.map((entry, i) => reader.object(entry, `${path}.batteries[${i}]`))
  const hasSchedule =
    Array.isArray(response.grid_import) &&
    Array.isArray(response.grid_export) &&
    parts.length > 0 &&
    parts.every(({ state_of_charge: soc }) => Array.isArray(soc) && soc.length > 0)
  return {
    status: typeof response.status === 'string' ? response.status : 'Optimal',
    objective:
      objective === null || objective === undefined ? null : reader.number(objective, `${path}.objective_value`),
    ...(hasSchedule
      ? {
          schedule: {
            importWh: numbers(response.grid_import, 'grid_import'),
            exportWh: numbers(response.grid_export, 'grid_export'),
            importOvershootWh: numbers(response.grid_import_overshoot ?? [], 'grid_import_overshoot'),
            socWh: parts.map((part, i) => numbers(part.state_of_charge, `batteries[${i}].state_of_charge`)),
            chargeWh: parts.map((part, i) => numbers(part.charging_power ?? [], `batteries[${i}].charging_power`)),
            dischargeWh: parts.map((part, i) =>
              numbers(part.discharging_power ?? [], `batteries[${i}].discharging_power`),
            ),
          },
        }
      : {}),
  }
}

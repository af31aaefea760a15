import type { RouteExample } from '../route.ts'

const pv = 'quarry-microgrid:pv.powerKw'
const phenomenonTime = '2026-06-01T03:00:00Z'

/** Requests as the document shows them, in the order in which they follow from each other. */
export const examples = {
  things: { query: { $filter: "properties/kind eq 'pv'", $select: 'id,name', $expand: 'Datastreams($top=2)' } },
  datastreams: { query: { $filter: "unitOfMeasurement/symbol eq 'kW'", $top: '2', $count: 'true' } },
  newDatastream: {
    body: {
      name: 'Air temperature in the yard',
      Thing: { '@iot.id': 'quarry-microgrid' },
      unitOfMeasurement: { name: 'degree Celsius', symbol: 'Cel' },
      properties: { point: 'yard.airC' },
    },
  },
  observations: {
    query: {
      $filter: 'result gt 5 and phenomenonTime ge 2026-06-01T00:00:00Z',
      $orderby: 'phenomenonTime desc',
      $top: '2',
    },
  },
  newObservation: { body: { phenomenonTime, result: 12.5, Datastream: { '@iot.id': pv } } },
  dataArray: {
    body: [
      {
        Datastream: { '@iot.id': pv },
        components: ['phenomenonTime', 'result'],
        dataArray: [
          ['2026-06-01T03:01:00Z', 12.5],
          ['2026-06-01T03:02:00Z', null],
        ],
      },
    ],
  },
  entity: { params: { entity: `Datastreams('${pv}')` }, query: { $expand: 'Sensor,ObservedProperty' } },
  removed: { params: { entity: "Datastreams('quarry-microgrid:yard.airC')" }, status: 204 },
  observationsOf: { params: { entity: `Datastreams('${pv}')` }, query: { $orderby: 'phenomenonTime desc', $top: '1' } },
  newObservationOf: {
    params: { entity: `Datastreams('${pv}')` },
    body: { phenomenonTime: '2026-06-01T03:03:00Z', result: 13, resultQuality: 'estimated' },
  },
  datastreamsOf: { params: { entity: "Things('quarry-microgrid:pv')" } },
  newDatastreamOf: {
    params: { entity: "Things('quarry-microgrid:pv')" },
    body: {
      name: 'Energy since the meter was set up',
      unitOfMeasurement: { symbol: 'kW.h' },
      properties: { point: 'meterKwh' },
    },
  },
} as const satisfies Readonly<Record<string, RouteExample>>

import Type, { type Static } from 'typebox'
import { MangroveError, type Problem } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { transportModes } from '../modes.ts'
import { greatCircleBoundKm, greatCircleKm } from './great-circle.ts'
import { type Place, PlaceSchema } from './place.ts'

const id = (description: string) => Type.String({ minLength: 1, maxLength: 80, description })

/** A network of ways as data: roads, railways or sea lanes of the user's own. */
export const NetworkSchema = Type.Object(
  {
    nodes: Type.Record(Type.String(), PlaceSchema, { description: 'Junctions, stations, ports and waypoints, by id' }),
    edges: Type.Array(
      Type.Object(
        {
          from: id('Node'),
          to: id('Node'),
          mode: Type.Enum([...transportModes], { description: 'Who may use it' }),
          km: Type.Optional(
            Type.Number({ minimum: 0, maximum: 50_000, description: 'Length; absent: straight from node to node' }),
          ),
          oneWay: Type.Optional(Type.Boolean({ description: 'Only from → to' })),
        },
        { additionalProperties: false },
      ),
      { maxItems: 200_000, description: 'Ways between nodes' },
    ),
    accessKm: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1000,
        description: 'How far from its nearest node a place may lie; the way there is straight. Default 0: at a node',
      }),
    ),
  },
  { additionalProperties: false },
)
export type NetworkInput = Static<typeof NetworkSchema>

/** A network ready to be searched: rows of edges by node, as compressed sparse rows. */
export interface Network {
  readonly ids: readonly string[]
  readonly places: readonly Place[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Edges of node n are `start[n]` to `start[n + 1]`. */
  readonly start: Int32Array
  readonly target: Int32Array
  readonly km: Float64Array
  /** Index in `transportModes`. */
  readonly mode: Uint8Array
  readonly accessKm: number
}

/** What an edge may be short of the straight line between its ends, for rounded lengths. */
const roundingKm = 0.01

/**
 * Reads a network. An edge that is shorter than the straight line between its ends is a fault of its length or of its nodes.
 *
 * @throws `carbon.bad-network` with all problems, 50 at most
 */
export function readNetwork({ nodes, edges, accessKm = 0 }: NetworkInput): Network {
  const ids = Object.keys(nodes)
  const places = Object.values(nodes)
  const indexOf = new Map(ids.map((one, index) => [one, index]))
  const problems: Problem[] = []
  const read = edges.flatMap(({ from, to, mode, km, oneWay = false }, index) => {
    const [a, b] = [indexOf.get(from), indexOf.get(to)]
    const place = { path: `network.edges.${index}` }
    if (a === undefined || b === undefined) {
      const found = a === undefined ? from : to
      problems.push(carbonErrors.badNetwork.problem({ detail: 'An edge names a node that is not there', place, found }))
      return []
    }
    const length = lengthOf(km, places[a]!, places[b]!)
    if (typeof length !== 'number') {
      problems.push(
        carbonErrors.badNetwork.problem({
          detail: `${from} to ${to} is shorter than the straight line between them`,
          place,
          found: `${km} km`,
          expected: `${length.straightKm.toFixed(3)} km at least`,
        }),
      )
      return []
    }
    const own = transportModes.indexOf(mode)
    return oneWay ? [[a, b, length, own] as const] : [[a, b, length, own] as const, [b, a, length, own] as const]
  })
  if (problems.length > 0) throw new MangroveError(problems.slice(0, 50))
  const start = new Int32Array(ids.length + 1)
  for (const [from] of read) start[from + 1]! += 1
  for (let n = 0; n < ids.length; n += 1) start[n + 1]! += start[n]!
  const next = start.slice()
  const [target, km, mode] = [
    new Int32Array(read.length),
    new Float64Array(read.length),
    new Uint8Array(read.length),
  ] as const
  for (const [from, to, length, own] of read) {
    const at = next[from]!
    next[from] = at + 1
    target[at] = to
    km[at] = length
    mode[at] = own
  }
  return { ids, places, indexOf, start, target, km, mode, accessKm }
}

/** Length of an edge, or the straight line that it is shorter than. */
function lengthOf(km: number | undefined, from: Place, to: Place): number | { readonly straightKm: number } {
  if (km !== undefined && km >= greatCircleBoundKm(from, to)) return km
  const straightKm = greatCircleKm(from, to)
  if (km !== undefined && km < straightKm - roundingKm) return { straightKm }
  return Math.max(km ?? straightKm, straightKm)
}

import Type from 'typebox'
import { type FieldPorts, type FieldProtocol, gatewayErrors } from '../../gateway/index.ts'

const StubSchema = Type.Object({ host: Type.String(), point: Type.String() })

/** A protocol without a wire, whose devices tests play. */
export interface StubProtocol {
  readonly protocol: FieldProtocol<typeof StubSchema>
  /** What each gateway got, by its id. */
  readonly ports: Map<string, FieldPorts>
  readonly hosts: Map<string, string>
  readonly stopped: string[]
}

export function stubProtocol(): StubProtocol {
  const ports = new Map<string, FieldPorts>()
  const hosts = new Map<string, string>()
  const stopped: string[] = []
  return {
    ...{ ports, hosts, stopped },
    protocol: {
      name: 'stub',
      title: 'Stub',
      schema: StubSchema,
      check: ({ settings: { point }, unitOf }) =>
        unitOf(point) === undefined
          ? [{ detail: 'The site has no such point', place: { path: 'point' }, found: point }]
          : [],
      open({ id, settings }, own) {
        ports.set(id, own)
        hosts.set(id, settings.host)
        const sinceMs = own.clock.now()
        return {
          figures: () => ({
            ...{ state: 'connected', sinceMs, lastHeardMs: undefined, lastProblem: undefined },
            ...{ connects: 1, failures: 0, readings: 3, malformed: 0 },
          }),
          async write(ref, value) {
            if (ref !== settings.point) throw gatewayErrors.writeRefused({ detail: 'no such register', found: ref })
            return { ref, written: value, readBack: value, acknowledgedMs: own.clock.now() }
          },
          async stop() {
            stopped.push(id)
          },
        }
      },
    },
  }
}

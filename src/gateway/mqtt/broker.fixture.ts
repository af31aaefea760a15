import { createServer } from 'node:net'
import { Aedes } from 'aedes'

/** A broker of MQTT 3.1.1 in this process. It keeps sessions in memory and knows no shared subscriptions. */
export interface Broker {
  readonly url: string
  /** Publishes with quality of service 1. */
  send(topic: string, payload: string): Promise<void>
  subscriptions(): number
  /** PUBACKs of a client. */
  acknowledged(client: string): number
  /** Breaks the connection of a client as a cable does. */
  cut(client: string): void
  stop(): Promise<void>
}

export async function startBroker(): Promise<Broker> {
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const acknowledged = new Map<string, number>()
  let subscriptions = 0
  aedes.on('subscribe', () => {
    subscriptions += 1
  })
  aedes.on('ack', (_packet, client) => acknowledged.set(client.id, (acknowledged.get(client.id) ?? 0) + 1))
  const clients = new Map<string, { readonly conn: { destroy(): unknown } }>()
  aedes.on('client', (client) => clients.set(client.id, client))
  return {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    send: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false } as const
        aedes.publish(packet, (error) => (error ? reject(error) : resolve()))
      }),
    subscriptions: () => subscriptions,
    acknowledged: (client) => acknowledged.get(client) ?? 0,
    cut: (client) => clients.get(client)?.conn.destroy(),
    stop: () =>
      new Promise((resolve) => {
        aedes.close(() => server.close(() => resolve()))
      }),
  }
}

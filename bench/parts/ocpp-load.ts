// Stations of a bench, in a process of their own: they connect, and talk when they are told to.
import { WebSocket } from 'ws'

const port = Number(process.argv[2])
const sockets: WebSocket[] = []

function connect(number: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/CP-${number}`, ['ocpp1.6'], {
    perMessageDeflate: false,
    // One address has 28,232 ports to call from.
    localAddress: `127.0.0.${2 + (number % 100)}`,
  })
  sockets[number] = socket
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
}

/** Connects the stations up to this number. */
async function connectUpTo(most: number): Promise<void> {
  let next = sockets.length
  const one = async (): Promise<void> => {
    while (next < most) {
      const number = next
      next += 1
      await connect(number)
    }
  }
  await Promise.all(Array.from({ length: 50 }, one))
}

const meterValues = (number: number, call: number): string => {
  const sampledValue = [
    { measurand: 'Energy.Active.Import.Register', value: String(1000 + call), unit: 'Wh' },
    { measurand: 'Power.Active.Import', value: '11040', unit: 'W' },
    ...['L1', 'L2', 'L3'].map((phase) => ({ measurand: 'Current.Import', value: '16', unit: 'A', phase })),
    { measurand: 'SoC', value: '45', unit: 'Percent' },
  ]
  const timestamp = new Date().toISOString()
  return JSON.stringify([
    2,
    `${number}-${call}`,
    'MeterValues',
    { connectorId: 1, meterValue: [{ timestamp, sampledValue }] },
  ])
}

/** Each of the first stations sends as soon as it was answered. */
function talk(talkers: number, seconds: number): Promise<{ answered: number; errors: number; times: number[] }> {
  return new Promise((resolve) => {
    const endMs = performance.now() + seconds * 1000
    let answered = 0
    let errors = 0
    let open = talkers
    const times: number[] = []
    for (let number = 0; number < talkers; number += 1) {
      const socket = sockets[number]!
      let call = 0
      let sentMs = 0
      const send = (): void => {
        sentMs = performance.now()
        call += 1
        socket.send(meterValues(number, call))
      }
      const take = (data: unknown): void => {
        const nowMs = performance.now()
        times.push(nowMs - sentMs)
        if (String(data).startsWith('[3')) answered += 1
        else errors += 1
        if (nowMs < endMs) {
          send()
          return
        }
        socket.off('message', take)
        open -= 1
        if (open === 0) resolve({ answered, errors, times: times.sort((a, b) => a - b) })
      }
      socket.on('message', take)
      send()
    }
  })
}

type Order =
  | { readonly connect: number }
  | { readonly keep: number }
  | { readonly talkers: number; readonly seconds: number }

process.on('message', async (order: Order) => {
  if ('keep' in order) {
    for (const socket of sockets.splice(order.keep)) socket.terminate()
    return
  }
  if ('connect' in order) {
    const begin = performance.now()
    const before = sockets.length
    await connectUpTo(order.connect)
    process.send!({ connects: sockets.length - before, ms: performance.now() - begin })
    return
  }
  const { answered, errors, times } = await talk(order.talkers, order.seconds)
  process.send!({ answered, errors, p99: times[Math.floor(times.length * 0.99)] })
})
process.send!({ ready: true })

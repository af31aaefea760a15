import { MangroveError } from '../../../kernel/index.ts'
import { gatewayErrors } from '../../errors.ts'
import type { FieldPorts, FieldWrite } from '../../field-protocol.ts'
import { backOffMs } from '../../link/back-off.ts'
import type { Outbox } from '../../link/outbox.ts'
import { modbusErrors } from '../errors.ts'
import { splitGroup } from '../registers/group-reads.ts'
import type { Register } from '../registers/register.ts'
import { findRegisters } from '../sunspec/find-registers.ts'
import type { ModbusLink } from '../wire/link.ts'
import type { UnitFigures } from './figures.ts'
import { type Job, nextJob, placeNext } from './poll-turns.ts'
import { type Outcome, readTurn } from './read-turn.ts'
import { gapsOf, planReads, pointsOf, readingsOf, replaceJob, type Unit } from './unit.ts'
import { writeSetpoint } from './write-setpoint.ts'

export interface PollingParts {
  readonly units: readonly Unit[]
  readonly outbox: Outbox
  readonly timeoutMs: number
  readonly longestWaitMs: number
  readonly retries: number
  readonly ports: FieldPorts
  readonly signal: AbortSignal
  fail(error: unknown, message: string): void
}

export interface Polling {
  /** Reads and writes until the link is closed, or so silent that it has to be opened anew. */
  run(link: ModbusLink): Promise<void>
  write(ref: string, value: number): Promise<FieldWrite>
  /** Waits; a stop ends it. */
  pause(ms: number): Promise<void>
  figures(): Readonly<Record<string, UnitFigures>>
}

interface Writing {
  readonly unit: Unit
  readonly register: Register
  readonly value: number
  readonly done: PromiseWithResolvers<FieldWrite>
}

const firstWaitMs = 1000
const busyWaitMs = 200
/** A register that a device does not have is looked for again after this time: the device may get another program. */
const seldomMs = 600_000
/** So many requests in a row without any answer: the connection may be dead without having said so. */
const silentRequests = 3

/** Who is asked next on a link, and what follows from the answers. One unit that is silent does not stop the others. */
export function createPolling(parts: PollingParts): Polling {
  const { units, outbox, timeoutMs, longestWaitMs, retries, ports, signal, fail } = parts
  const stamp = (): number => ports.clock.now()
  // Turns go by a time that no one sets: a clock that jumps changes stamps, not the beat.
  const now = (): number => performance.now()
  const writes: Writing[] = []
  const heard = new Map<Unit, number>()
  const problems = new Map<Unit, string>()
  let link: ModbusLink | undefined
  let wake = Promise.withResolvers<void>()

  const wakeUp = (): void => {
    wake.resolve()
    wake = Promise.withResolvers()
  }
  signal.addEventListener('abort', wakeUp)

  const pause = async (ms: number): Promise<void> => {
    if (signal.aborted) return
    const timer = setTimeout(wakeUp, ms)
    await wake.promise
    clearTimeout(timer)
  }

  const spoke = (unit: Unit): void => {
    heard.set(unit, stamp())
    problems.delete(unit)
    unit.failures = 0
  }

  const fellSilent = (unit: Unit, why: string): void => {
    unit.failures += 1
    unit.notBeforeMs = now() + backOffMs(unit.failures, firstWaitMs, longestWaitMs, ports.random)
    problems.set(unit, why)
    fail(
      modbusErrors.noAnswer({ detail: `${unit.device.id} (unit ${unit.device.unitId}): ${why}` }),
      `The device ${unit.device.id} is silent; it is asked again`,
    )
    outbox.push(gapsOf(unit, pointsOf(unit), stamp()))
  }

  /** The registers of a job have no value for now. */
  const withoutValue = (unit: Unit, job: Job, why: string, waitMs: number): void => {
    job.tries = 0
    job.failures += 1
    job.dueMs = now() + waitMs
    problems.set(unit, why)
    const { table, address, count, registers } = job.group
    fail(
      modbusErrors.deviceRefused({ detail: `${unit.device.id}, ${table} ${address}, ${count} of them: ${why}` }),
      `The device ${unit.device.id} refuses a request`,
    )
    outbox.push(gapsOf(unit, registers, stamp()))
  }

  const retryMs = (job: Job): number =>
    Math.max(job.group.periodMs, backOffMs(job.failures + 1, firstWaitMs, longestWaitMs, ports.random))

  const follow = (unit: Unit, job: Job, outcome: Exclude<Outcome, { kind: 'closed' }>): void => {
    if (outcome.kind !== 'silent') spoke(unit)
    switch (outcome.kind) {
      case 'words':
        job.tries = 0
        job.failures = 0
        outbox.push(readingsOf(unit, job.group, outcome.words, stamp()))
        placeNext(job, now(), ports.random.next())
        return
      case 'silent':
        job.tries += 1
        if (unit.failures === 0 && job.tries <= retries) return
        job.tries = 0
        fellSilent(unit, outcome.why)
        return
      case 'busy':
        job.tries += 1
        if (job.tries <= retries) job.dueMs = now() + busyWaitMs * 2 ** (job.tries - 1)
        else withoutValue(unit, job, outcome.why, retryMs(job))
        return
      case 'no-such': {
        const smaller = splitGroup(job.group)
        if (smaller.length > 0) replaceJob(unit, job, smaller, now())
        else withoutValue(unit, job, outcome.why, Math.max(seldomMs, job.group.periodMs))
        return
      }
      case 'refused':
        withoutValue(unit, job, outcome.why, retryMs(job))
    }
  }

  /** Looks up the models of a unit; until it is known, it has no jobs. */
  const lookUp = async (open: ModbusLink, unit: Unit): Promise<void> => {
    try {
      const found = await findRegisters(unit.device, (pdu) => open.request(unit.device.unitId, pdu, timeoutMs))
      if (found.kind === 'silent') {
        if (found.why !== 'closed') fellSilent(unit, found.why)
        return
      }
      spoke(unit)
      unit.isUnknown = false
      outbox.push(gapsOf(unit, found.absent, stamp()))
      if (found.absent.length > 0) {
        const detail = `Its models have no ${found.absent.map(({ ref }) => ref).join(', ')}`
        ports.report(modbusErrors.noSunspec({ detail }), `The device ${unit.device.id} lacks points of its template`)
      }
      planReads(unit, [...unit.device.registers, ...found.registers], now())
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      fellSilent(unit, error.message)
    }
  }

  const writeOne = async (open: ModbusLink, { unit, register, value, done }: Writing): Promise<void> => {
    try {
      const written = await writeSetpoint(register, value, {
        ...{ link: open, unitId: unit.device.unitId, timeoutMs, nowMs: stamp },
      })
      spoke(unit)
      done.resolve(written)
    } catch (error) {
      done.reject(error)
    }
  }

  const run = async (open: ModbusLink): Promise<void> => {
    link = open
    let isOpen = true
    void open.closed.then(() => {
      isOpen = false
      wakeUp()
    })
    // Another device may stand there now: its models are looked up again, and requests that it refused are made whole.
    for (const unit of units) {
      if (unit.device.sunspec.length > 0) unit.isUnknown = true
      else planReads(unit, unit.device.registers, now())
    }
    let inVain = 0
    while (isOpen && !signal.aborted && inVain < silentRequests) {
      const before = open.counts()
      const writing = writes.shift()
      const unknown = writing ? undefined : units.find((unit) => unit.isUnknown && unit.notBeforeMs <= now())
      if (writing) await writeOne(open, writing)
      else if (unknown) await lookUp(open, unknown)
      else if (outbox.isFull) await Promise.race([outbox.room(), wake.promise])
      else await turn(open)
      const { requests, frames } = open.counts()
      if (requests > before.requests) inVain = frames > before.frames ? 0 : inVain + 1
    }
    link = undefined
    const left = writes.splice(0)
    for (const { done, register } of left) done.reject(noLink(register.ref))
  }

  const turn = async (open: ModbusLink): Promise<void> => {
    const jobs = units.flatMap((unit) => (unit.isUnknown ? [] : unit.jobs))
    const waiting = units.filter((unit) => unit.isUnknown).map((unit) => unit.notBeforeMs)
    const next = nextJob(jobs)
    const atMs = Math.min(next?.dueMs ?? Number.POSITIVE_INFINITY, ...waiting)
    const waitMs = atMs - now()
    if (!next || waitMs > 0) {
      await pause(Math.min(Math.max(waitMs, 1), 60_000))
      return
    }
    const { job } = next
    const unit = job.unit as Unit
    unit.servedMs = now()
    const outcome = await readTurn(open, unit, job, timeoutMs)
    if (outcome.kind !== 'closed') follow(unit, job, outcome)
  }

  return {
    run,
    pause,
    async write(ref, value) {
      const target = units
        .flatMap((unit) => unit.registers.map((register) => ({ unit, register })))
        .find(({ register }) => register.ref === ref && register.write !== undefined)
      if (!target) {
        throw gatewayErrors.writeRefused({
          detail: 'No register of this gateway takes it',
          found: ref,
          expected: 'a register with `write`',
        })
      }
      const { least, most, unit } = target.register
      if (!(value >= least && value <= most)) {
        throw gatewayErrors.writeRefused({
          detail: `${ref} must not be set so`,
          found: value,
          expected: `${least} to ${most} ${unit}`,
        })
      }
      if (!link || signal.aborted) throw noLink(ref)
      const done = Promise.withResolvers<FieldWrite>()
      writes.push({ ...target, value, done })
      wakeUp()
      return done.promise
    },
    figures: () =>
      Object.fromEntries(
        units.map((unit) => [
          unit.device.id,
          { silent: unit.failures > 0, lastHeardMs: heard.get(unit), lastProblem: problems.get(unit) },
        ]),
      ),
  }
}

const noLink = (ref: string) =>
  gatewayErrors.noLink({ detail: `${ref} was not written: there is no link to its device`, found: ref })

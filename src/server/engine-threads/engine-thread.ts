// The thread that runs engines, one run at a time. Its modules, and what it has read of sites, stay warm between runs.
import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import {
  type Engine,
  fixedClock,
  type Pack,
  replayRun,
  runEngine,
  type SolverPort,
  systemClock,
} from '../../kernel/index.ts'
import { createFileData, type FileData, openStore } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import { packError } from './carried-error.ts'
import type { FromThread, ThreadSetup, ThreadTask, ToThread } from './messages.ts'
import { createAskedPorts } from './thread-ports.ts'
import { createToldProgress, type Tell } from './told-progress.ts'

if (!parentPort) throw new Error('engine-thread.ts runs as a worker thread')
const port = parentPort
const { packsModule, dataFolder, databaseUrl, siteFiles } = workerData as ThreadSetup
const { packs } = (await import(packsModule)) as { readonly packs: readonly Pack[] }
const engines = new Map<string, Engine>(packs.flatMap((pack) => pack.engines).map((engine) => [engine.id, engine]))
// Written now: a thread that is ended writes nothing.
flushCompileCache()

let current: { readonly run: number; readonly abort: AbortController } | undefined
const post = (message: FromThread): void => port.postMessage(message)
const { solverOf, observations, settle } = createAskedPorts(post, () => current?.run ?? -1)
// Of a data folder only the files beside the database are touched here: that database has one writer, the server.
const { evidence, checkpoints } = await openStore(dataFolder, systemClock, { databaseUrl })

let opened: FileData | undefined
async function openData(): Promise<FileData> {
  opened ??= await createFileData({
    packs,
    sites: siteFiles.map((file) => ({ file })),
    onlyKnownSites: true,
    store: { observations },
  })
  return opened
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'begin') void begin(message.run, message.task)
  else if (message.kind !== 'abort') settle(message)
  else if (message.run === current?.run) current.abort.abort()
})

interface TaskPorts {
  readonly solver: SolverPort
  readonly signal: AbortSignal
  readonly progress: Tell
}

/** Does a task and tells how it ended; never throws. */
async function begin(run: number, task: ThreadTask): Promise<void> {
  const abort = new AbortController()
  current = { run, abort }
  const told = createToldProgress((fraction, message) => post({ kind: 'progress', run, fraction, message }))
  try {
    const value = await work(task, { solver: solverOf(run), signal: abort.signal, progress: told.progress })
    told.end()
    post({ kind: 'done', run, value })
  } catch (error) {
    told.end()
    post({ kind: 'failed', run, error: packError(error) })
  } finally {
    if (current?.run === run) current = undefined
  }
}

/** The result of a run, its evidence kept; or how a replay compares. */
async function work(task: ThreadTask, { solver, signal, progress }: TaskPorts): Promise<unknown> {
  if (task.kind === 'replay') {
    const { output: _, ...replay } = await replayRun(task.id, { engines, evidence, solver, signal, progress })
    return replay
  }
  const engine = engines.get(task.engine)
  if (!engine) throw serverErrors.unknownEngine({ detail: 'No thread of this server knows it', found: task.engine })
  const { output, record, blobs } = await runEngine<Record<string, unknown>>(engine, task.input, {
    data: await openData(),
    solver,
    clock: fixedClock(task.clockMs),
    signal,
    progress,
    checkpoints,
  })
  await evidence.put(record, blobs)
  return { ...output, evidence: record.id }
}

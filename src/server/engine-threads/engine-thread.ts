// The thread that runs engines, one run at a time. Its modules, and what it has read of sites, stay warm between runs.
import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import {
  type Engine,
  entryOf,
  fixedClock,
  type Pack,
  type PackEntry,
  replayRun,
  runEngine,
  type SolverPort,
  systemClock,
} from '../../kernel/index.ts'
import { reportOfRun } from '../../report/index.ts'
import { createFileData, type FileData, openStore } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import { packError } from './carried-error.ts'
import type { FromThread, ThreadSetup, ThreadTask, ToThread } from './messages.ts'
import { createAskedPorts } from './thread-ports.ts'
import { createToldProgress, type Tell } from './told-progress.ts'

if (!parentPort) throw new Error('engine-thread.ts runs as a worker thread')
const port = parentPort
const { packsModule, dataFolder, databaseUrl, siteFiles } = workerData as ThreadSetup
const { packs = [], packEntries = packs.map(entryOf) } = (await import(packsModule)) as PacksModule
// An engine is loaded when it is asked first: most threads run one or two of them.
const engines = new Map(packEntries.flatMap((pack) => pack.engines).map((entry) => [entry.id, entry]))
const vocabulary = await Promise.all(packEntries.map((entry) => entry.loadVocabulary()))

let current: { readonly run: number; readonly abort: AbortController } | undefined
const post = (message: FromThread): void => port.postMessage(message)
const { solverOf, observations, settle } = createAskedPorts(post, () => current?.run ?? -1)
// Of a data folder only the files beside the database are touched here: that database has one writer, the server.
const { evidence, checkpoints } = await openStore(dataFolder, systemClock, { databaseUrl })

let opened: FileData | undefined
async function openData(): Promise<FileData> {
  opened ??= await createFileData({
    packs: vocabulary,
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

/** What a module of packs exports: one of these. */
interface PacksModule {
  readonly packs?: readonly Pack[]
  readonly packEntries?: readonly PackEntry[]
}

/** The result of a run, its evidence kept; how a replay compares; or the bytes of a report. */
async function work(task: ThreadTask, { solver, signal, progress }: TaskPorts): Promise<unknown> {
  if (task.kind === 'replay') {
    // The record alone says which engine it was.
    const loaded = await Promise.all([...engines.values()].map(({ load }) => load()))
    const all = new Map<string, Engine>(loaded.map((engine) => [engine.id, engine]))
    const { output: _, ...replay } = await replayRun(task.id, { engines: all, evidence, solver, signal, progress })
    return replay
  }
  if (task.kind === 'report') {
    const { format, language } = task
    return reportOfRun(task.id, { packs: packEntries, evidence }, { format, language })
  }
  const engine = await engines.get(task.engine)?.load()
  // Written now: a thread that is ended writes nothing.
  flushCompileCache()
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

export { type CompiledRules, compileRules } from './decide/compile-rules.ts'
export { type Command, type Decided, decide, type SetpointState } from './decide/decide.ts'
export {
  type Acknowledgement,
  acknowledge,
  type CommandMemory,
  type CommandSource,
  commandSources,
  emptyMemory,
  type FollowMode,
  memoryOf,
  type SetpointMemory,
} from './decide/memory.ts'
export { refsToRead } from './decide/readings.ts'
export type { Hold, KnownReading, Override, PlanRef, Situation } from './decide/situation.ts'
export { fallbackAt } from './decide/target.ts'
export type { Why } from './decide/why.ts'
export { commandErrors } from './errors.ts'
export { type ChainCheck, type ChainFault, type ChainHead, chainStart, seal, verifyChain } from './log/chain.ts'
export {
  applyLine,
  decideFrom,
  type LogState,
  type PlanOutputs,
  plansIn,
  situationOf,
  snapshotOf,
} from './log/fold.ts'
export * from './log/log-line.ts'
export {
  type CommandReplay,
  quarterHourMs,
  quarterOf,
  type ReplayDeviation,
  type ReplayedDecision,
  replayQuarter,
} from './log/replay.ts'
export { commandsPack } from './pack.ts'
export type {
  CommandRules,
  ConnectionRule,
  InterlockRule,
  ReadBackRule,
  SetpointRule,
} from './rules/command-rules.ts'
export { commandsOf, type ReadCommands, readCommands } from './rules/read-rules.ts'
export { CommandsSchema, type CommandsSection } from './schema.ts'

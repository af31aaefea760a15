export * from './configuration.ts'
export * from './profiles.ts'
export * from './sessions.ts'
export * from './upkeep.ts'

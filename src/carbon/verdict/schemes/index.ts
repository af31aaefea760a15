export * from './find-scheme.ts'
export * from './read-scheme.ts'
export * from './schema.ts'

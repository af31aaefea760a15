export * from './read-figures.ts'
export * from './schema.ts'

export * from './fields.ts'
export * from './model.ts'
export * from './series-source.ts'

export * from './assets.ts'
export * from './plan.ts'
export * from './sections.ts'

export * from './assets.ts'
export * from './forecast.ts'
export * from './plan.ts'
export * from './sections.ts'

export * from './power-curve.ts'
export * from './wind-power.ts'
export * from './wind-speed.ts'

export { createTightener, type Tightened, type Tightener } from './tighten.ts'

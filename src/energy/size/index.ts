export { sizeEngine } from './size.ts'

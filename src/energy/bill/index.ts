export { billEngine } from './bill.ts'

export { billEngine } from './bill.ts'
export { publishBilled } from './publish.ts'

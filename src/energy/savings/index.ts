export { describeSavings } from './describe-savings.ts'
export { savingsEngine } from './savings.ts'

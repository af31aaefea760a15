import { defineEngine, type EngineContext } from '../../kernel/index.ts'
import { readFactorSet } from '../factors/index.ts'
import { accountChain } from './account-chain.ts'
import { freightBook } from './freight-book.ts'
import { type ChainInput, ChainInputSchema, type ChainOutput, ChainOutputSchema } from './schema.ts'

/** What moving a shipment gives off, element by element. */
export const transportChainEngine = defineEngine({
  id: 'carbon.transport-chain',
  title: 'Count the greenhouse gases of a transport chain',
  description:
    'Counts a shipment from door to door by ISO 14083: each transport and hub operation by its category, tank-to-wheel and well-to-tank apart, with transport activity, intensities, primary data share and exact shares of consignments. Distances are given, or computed as great circles and over a network of one’s own. The shapes of iLEAP 1.0.0 can be added.',
  version: '0.1.0',
  input: ChainInputSchema,
  output: ChainOutputSchema,
  run: transportChain,
})

async function transportChain(input: ChainInput, context: EngineContext): Promise<ChainOutput> {
  context.progress(0.1, 'reading factors')
  const book = freightBook(input.factorSets.map((set) => readFactorSet(set)))
  context.progress(0.3, 'counting the chain')
  return accountChain(input, book)
}

import { defineEngine, type EngineContext, MangroveError } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { readFactorSet } from '../factors/index.ts'
import { freightBook } from '../freight/index.ts'
import { accountProduct } from './account-product.ts'
import { checkFootprint } from './check-footprint.ts'
import { type ProductInput, ProductInputSchema, type ProductOutput, ProductOutputSchema } from './schema.ts'
import { writeFootprint } from './write-footprint.ts'

/** The carbon footprint of a product from cradle to gate, as others can read it. */
export const productFootprintEngine = defineEngine({
  id: 'carbon.product-footprint',
  title: 'Count the carbon footprint of a product',
  description:
    'Counts a product from cradle to gate by ISO 14067: the activities of a period (energy with its upstream, process emissions, inputs by factor or by the footprint of their supplier, freight as transport chains), split between co-products without a remainder, over what was made. Fossil, biogenic and land-use terms apart, with primary data share and ratings, as a ProductFootprint of PACT 3.0.3.',
  version: '0.1.0',
  input: ProductInputSchema,
  output: ProductOutputSchema,
  run: productFootprint,
})

async function productFootprint(input: ProductInput, context: EngineContext): Promise<ProductOutput> {
  if (!/^AR[4-9]$/.test(input.gwpSet)) {
    throw carbonErrors.basisMismatch({
      detail: 'A footprint for exchange names its set of GWPs as AR and a number',
      place: { path: 'gwpSet' },
      found: input.gwpSet,
      expected: 'AR4, AR5 or AR6',
    })
  }
  context.progress(0.1, 'reading factors')
  const book = freightBook(input.factorSets.map((set) => readFactorSet(set)))
  context.progress(0.3, 'counting activities')
  const counted = accountProduct(input, book)
  const footprint = writeFootprint(input, counted, context.clock.now())
  const { findings } = checkFootprint(footprint)
  // What would be a breach in the footprint of another is one in ours: the input says it.
  const breaches = findings.filter(({ severity }) => severity === 'breach')
  if (breaches.length > 0) {
    throw new MangroveError(
      breaches.map(({ detail, path, found, expected }) =>
        carbonErrors.badProduct.problem({
          ...{ detail, place: { path: `footprint.${path}` }, found },
          ...(expected === undefined ? {} : { expected }),
        }),
      ),
    )
  }
  const doubts = findings.filter(({ severity }) => severity === 'doubt')
  return {
    footprint,
    ...counted.output,
    warnings: [...counted.output.warnings, ...doubts.map(({ path, detail }) => `${path}: ${detail}`)],
  }
}

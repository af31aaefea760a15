import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** The rules of WCAG 2.2, levels A and AA. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe answers, as far as it is told here. */
interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[]
    }[]
  }>
}

/**
 * What of a page breaks a rule of WCAG 2.2 A or AA, a line each: the rule, where, and why.
 *
 * @param only rules to look at; all of them without it
 */
export async function barriers(page: Page, only?: readonly string[]): Promise<readonly string[]> {
  // The page lets no foreign script in; what a debugger evaluates is not of the page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  return page.evaluate(
    async ({ rules: tags, only: ids }) => {
      const { axe } = window as unknown as { readonly axe: Axe }
      const { violations } = await axe.run(document, {
        runOnly: ids ? { type: 'rule', values: ids } : { type: 'tag', values: tags },
        resultTypes: ['violations'],
      })
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary = '' }) =>
            `${id} at ${target.join(' ')}: ${failureSummary.split('\n')[1]?.trim() ?? ''}`,
        ),
      )
    },
    { rules, only },
  )
}

/** How far a page reaches beyond its window at either side, pixels; 0 where nothing is cut off. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** That a page stays within its window, once its charts have taken on a new width. */
export const expectWithinWindow = (page: Page, what: string): Promise<void> =>
  expect.poll(() => overhang(page), { message: what, interval: 20 }).toBe(0)

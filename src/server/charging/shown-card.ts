import { createHash } from 'node:crypto'

/**
 * A card as somebody sees it. Its number is what a person carries: who operates the site sees it, others a mark that tells one card from
 * another at this site and is worth nothing elsewhere.
 */
export const shownCard = (site: string, card: string, whole: boolean): string =>
  whole ? card : `#${createHash('sha256').update(`${site} ${card.toLowerCase()}`).digest('hex').slice(0, 10)}`

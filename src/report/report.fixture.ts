import { type Amount, type Block, formName, formVersion, type ReportDocument, type Text } from './model/index.ts'

export const amount = (value: string, more: Partial<Amount> = {}): Amount => ({
  ...{ value, decimals: 1, from: [{ pointer: '/a' }] },
  ...more,
})

/** A document with one block of each kind, for tests. */
export function sampleDocument(more: Partial<ReportDocument> = {}): ReportDocument {
  return {
    schema: formName,
    version: formVersion,
    language: 'en',
    overline: 'Greenhouse gas inventory',
    title: 'Harbour works',
    subtitle: '2025',
    badge: { tone: 'open', text: 'Not decided' },
    run: {
      ...{ id: 'a'.repeat(64), engine: 'carbon.account', engineVersion: '1.0.0', outputSha256: 'b'.repeat(64) },
      clockMs: Date.UTC(2026, 6, 6),
    },
    highlights: [
      { label: 'Scope 1', amount: amount('29795.1729', { unit: 't CO₂e' }) },
      { label: 'Chance to pass', amount: null, note: 'not known' },
    ],
    facts: [{ label: 'Organisation', text: 'Harbour works, whole' }],
    sections: [{ id: 'first', title: 'Emissions', blocks: sampleBlocks }],
    ...more,
  }
}

const sampleBlocks: Block[] = [
  { kind: 'paragraph', text: 'Every amount is exact.' },
  { kind: 'list', items: ['One reason', [{ text: 'Another, see ' }, { text: 'the factor', to: 'factor-1' }]] },
  { kind: 'note', tone: 'open', title: 'To know', text: [{ text: '须核对', lang: 'zh-Hans' }] },
  {
    kind: 'table',
    id: 'rows',
    title: 'Rows of activity',
    columns: [
      { title: 'Row', align: 'start' },
      { title: 'Emissions', unit: 't CO₂e', align: 'end' },
    ],
    rows: [
      { id: 'factor-1', tone: 'good', cells: ['grid', amount('8099.53', { factors: ['factor-1'] })] },
      { cells: ['diesel', null] },
      { role: 'total', cells: ['Total', amount('8099.53', { unit: 't' })] },
    ],
    note: 'Scope 2 by location.',
  },
  figure('bars', {
    kind: 'bars',
    unit: 'tce',
    bars: [
      { label: 'Calorific', amount: amount('2403.29691') },
      { label: 'Saved', amount: amount('-12.5') },
    ],
  }),
  figure('stacked', {
    kind: 'stacked',
    unit: 't',
    series: ['Combustion', 'Fugitive'],
    bars: [{ label: 'Scope 1', total: amount('29.8'), parts: [amount('6.7'), amount('23.1')] }],
  }),
  figure('line', {
    kind: 'line',
    unit: 'MWh',
    places: ['January', 'February', 'March'],
    series: [{ label: 'Grid', amounts: [amount('10'), null, amount('12')] }],
  }),
  figure('dial', {
    ...{ kind: 'dial', unit: 'tCO₂/tce', amount: amount('0.22', { decimals: 2 }), limit: amount('0.2') },
    ...{ limitLabel: 'Limit', passes: 'below', tone: 'bad', caption: 'does not pass' },
    interval: { low: amount('0.19'), high: amount('0.25'), label: '95 %:' },
  }),
]

function figure(id: string, chart: Extract<Block, { readonly kind: 'figure' }>['chart']): Block {
  return { kind: 'figure', id, title: `Figure ${id}`, description: `What ${id} shows`, chart }
}

/** A document in which everything that somebody else writes is one text. */
export function documentOf(text: string, decimal = '1'): ReportDocument {
  const told: Text = [{ text, lang: 'en' }]
  return sampleDocument({
    ...{ overline: text, title: text || '–', subtitle: text, badge: { tone: 'bad', text } },
    highlights: [{ label: text, amount: amount(decimal, { unit: text }), note: text }],
    facts: [{ label: text, text: told }],
    sections: [
      {
        ...{ id: 'only', title: text },
        blocks: [
          { kind: 'note', tone: 'bad', title: text, text: told },
          {
            ...{ kind: 'table', id: 'rows', title: text, note: told },
            columns: [{ title: text, unit: text, align: 'end' }],
            rows: [{ cells: [told] }, { cells: [amount(decimal, { unit: text })] }],
          },
          figure('bars', { kind: 'bars', unit: text, bars: [{ label: text, amount: amount(decimal) }] }),
        ],
      },
    ],
  })
}

/** What a sender of bad faith would have in a name. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><svg/onload=alert(1)>',
  '&lt;b&gt; &amp; &#x3c;',
  '=cmd|"/c calc"!A1',
  '+1+1',
  '-2+3',
  '@SUM(1)',
  '\t=1+1',
  'a\u0000b\u0007c\u001bd',
  '\ud800 half a pair',
  'tonnes \u202e0001 \u2066x',
  ']]> <![CDATA[',
  '(\\) ) /Type /Catalog >> endobj',
  'javascript:alert(1)',
  '한국어 العربية 🏭👩‍🔧',
  'x'.repeat(3000),
  '碳'.repeat(900),
  '',
  ' ',
  '\n\n',
]

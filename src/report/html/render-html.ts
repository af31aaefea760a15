import { drawChart } from '../chart/draw-chart.ts'
import { roughMeasure } from '../chart/scene.ts'
import { exactText, formatAmount } from '../model/format-amount.ts'
import type { Amount, Block, Cell, Figure, ReportDocument, Section, Table, Text } from '../model/schema.ts'
import { isAmount, referenceText, spansOf } from '../model/text.ts'
import { languageTag, momentText, renderingWords } from '../words/index.ts'
import { drawSvg } from './draw-svg.ts'
import { escapeHtml } from './escape.ts'
import { style } from './style.ts'

/** Width that charts are laid out for, pixels. */
const chartWidth = 640

type Language = ReportDocument['language']

/** Names without blanks may end a line after a stroke or a dot. */
const breakable = (text: string): string =>
  text
    .split(/(\S{20,})/)
    .map((part, place) =>
      place % 2 === 0
        ? escapeHtml(part)
        : part
            .split(/(?<=[/._-])/)
            .map(escapeHtml)
            .join('<wbr>'),
    )
    .join('')

const textHtml = (text: Text): string =>
  spansOf(text)
    .map(({ text: piece, lang, to }) => {
      const inner =
        lang === undefined ? breakable(piece) : `<span lang="${escapeHtml(lang)}">${breakable(piece)}</span>`
      return to === undefined ? inner : `<a href="#${to}">${inner}</a>`
    })
    .join('')

/** A number with its exact value, and in its title the way to where it comes from. */
function amountHtml(amount: Amount, language: Language): string {
  const words = renderingWords(language)
  const ways = amount.from.map(({ pointer, times }) => (times === undefined ? pointer : `${pointer} × ${times}`))
  const title = [`${words.exact}${words.colon}${exactText(amount)}`, ...ways].join('\n')
  const links = (amount.factors ?? []).map((id) => `<a href="#${id}">${referenceText(id)}</a>`)
  return [
    `<data value="${escapeHtml(amount.value)}" title="${escapeHtml(title)}">${formatAmount(amount, language)}</data>`,
    amount.unit === undefined ? '' : ` <small>${escapeHtml(amount.unit)}</small>`,
    links.length === 0 ? '' : `<span class="ways">${links.join('')}</span>`,
  ].join('')
}

const unknownHtml = (language: Language): string =>
  `<span class="unknown" title="${renderingWords(language).unknown}">–</span>`

const cellHtml = (cell: Cell, language: Language): string =>
  cell === null ? unknownHtml(language) : isAmount(cell) ? amountHtml(cell, language) : textHtml(cell)

const toneMarks = { good: '✓ ', bad: '× ', open: '○ ' } as const

function tableHtml({ id, title, columns, rows, note }: Table, language: Language, heading: string): string {
  const head = columns.map(
    ({ title: name, unit, align }) =>
      `<th scope="col"${align === 'end' ? ' class="end"' : ''}>${escapeHtml(name)}${unit === undefined ? '' : `<small>${escapeHtml(unit)}</small>`}</th>`,
  )
  const body = rows.map(({ id: anchor, role, tone, cells }) => {
    const drawn = cells.map((cell, place) => {
      const classes = columns[place]?.align === 'end' ? ' class="end"' : ''
      const inner = cellHtml(cell, language)
      return place === 0
        ? `<th scope="row"${classes}>${tone === undefined ? '' : `<span class="${tone}" aria-hidden="true">${toneMarks[tone]}</span>`}${inner}</th>`
        : `<td${classes}>${inner}</td>`
    })
    const attributes = `${anchor === undefined ? '' : ` id="${anchor}"`}${role === 'total' ? ' class="total"' : ''}`
    return `<tr${attributes}>${drawn.join('')}</tr>`
  })
  return [
    `<div class="scroll" id="${id}" role="region" aria-labelledby="${id}-caption" tabindex="0"><table><caption id="${id}-caption"${title === heading ? ' class="said"' : ''}>${escapeHtml(title)}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`,
    note === undefined ? '' : `<p class="tablenote">${textHtml(note)}</p>`,
  ].join('\n')
}

function figureHtml({ id, title, description, chart }: Figure, language: Language): string {
  const scene = drawChart(chart, {
    width: chart.kind === 'dial' ? 420 : chartWidth,
    measure: roughMeasure,
    format: (amount) => formatAmount(amount, language),
  })
  const narrow = chart.kind === 'dial' ? ' style="max-width:520px;margin-inline:auto"' : ''
  return `<figure id="${id}"${narrow}><figcaption>${escapeHtml(title)}</figcaption>${drawSvg(scene, { id, title, description })}</figure>`
}

function blockHtml(block: Block, language: Language, heading: string): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textHtml(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${textHtml(item)}</li>`).join('\n')}</ul>`
    case 'note':
      return `<aside class="${block.tone}"><strong>${escapeHtml(block.title)}</strong><p>${textHtml(block.text)}</p></aside>`
    case 'table':
      return tableHtml(block, language, heading)
    case 'figure':
      return figureHtml(block, language)
  }
}

const sectionHtml = ({ id, title, blocks }: Section, language: Language): string =>
  `<section id="${id}"><h2>${escapeHtml(title)}</h2>\n${blocks.map((block) => blockHtml(block, language, title)).join('\n')}\n</section>`

/** A document as one file that fetches nothing: style and charts inside, no script, light, dark and for paper. */
export function renderHtml(document: ReportDocument): string {
  const { language, run, sections } = document
  const words = renderingWords(language)
  const highlights = document.highlights.map(
    ({ label, amount, note }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd>${amount === null ? unknownHtml(language) : amountHtml(amount, language)}${note === undefined ? '' : `<p>${escapeHtml(note)}</p>`}</dd></div>`,
  )
  const badge = document.badge
  return `<!doctype html>
<html lang="${languageTag(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="generator" content="Mangrove">
<title>${escapeHtml(`${document.title} – ${document.overline}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="overline">${escapeHtml(document.overline)}</p>
<h1>${escapeHtml(document.title)}</h1>
<p class="subtitle">${escapeHtml(document.subtitle)}</p>
${badge === undefined ? '' : `<p class="badge ${badge.tone}">${toneMarks[badge.tone]}${escapeHtml(badge.text)}</p>`}
</header>
${highlights.length === 0 ? '' : `<dl class="highlights">${highlights.join('\n')}</dl>`}
<dl class="facts">${document.facts.map(({ label, text }) => `<dt>${escapeHtml(label)}</dt><dd>${textHtml(text)}</dd>`).join('\n')}</dl>
<nav aria-label="${words.contents}"><ol>${sections.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`).join('')}</ol></nav>
${sections.map((section) => sectionHtml(section, language)).join('\n')}
<footer>
<p>${escapeHtml(words.runBy(run.engine, run.engineVersion, momentText(run.clockMs)))}</p>
<p>${words.evidence}${words.colon}<code>${run.id}</code></p>
</footer>
</main>
</body>
</html>
`
}

import type { PictureFrame } from './write-chart-svg.ts'
import { xml } from './write-chart-svg.ts'

export interface DiagramPicture {
  readonly svg: string
  readonly widthPx: number
  readonly heightPx: number
}

/** A drawn diagram with its title over it and its source under it. */
export function wrapDiagramSvg(
  { svg, widthPx, heightPx }: DiagramPicture,
  { title, source, paint }: Pick<PictureFrame, 'title' | 'source' | 'paint'>,
): string {
  const [width, height] = [widthPx + 40, heightPx + 92]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'Inter Variable', Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', sans-serif">`,
    `<title>${xml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${paint('paper')}"/>`,
    `<text x="20" y="32" font-size="16" font-weight="600" fill="${paint('ink')}">${xml(title)}</text>`,
    `<g transform="translate(20 48)">${svg}</g>`,
    `<text x="20" y="${height - 14}" font-size="11" fill="${paint('ink-faint')}">${xml(source)}</text>`,
    '</svg>',
  ].join('\n')
}

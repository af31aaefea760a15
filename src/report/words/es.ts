import type { RenderingWords } from './en.ts'

export const es: RenderingWords = {
  contents: 'Contenido',
  page: (page, pages) => `Página ${page} de ${pages}`,
  evidence: 'Evidencia',
  runBy: (engine, version, moment) => `${engine} ${version}, calculado el ${moment}`,
  figure: 'Figura',
  table: 'Tabla',
  unknown: 'no se conoce',
  exact: 'Valor exacto',
  factors: 'Factores',
  overview: 'Resumen',
  value: 'Valor',
  unit: 'Unidad',
  source: 'Lugar en el resultado del cálculo',
  colon: ': ',
}

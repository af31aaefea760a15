import type { RenderingWords } from './en.ts'

export const zh: RenderingWords = {
  contents: '目录',
  page: (page, pages) => `第 ${page} 页，共 ${pages} 页`,
  evidence: '证据编号',
  runBy: (engine, version, moment) => `由 ${engine} ${version} 于 ${moment} 计算`,
  figure: '图',
  table: '表',
  unknown: '未知',
  exact: '精确值',
  factors: '因子',
  overview: '概览',
  value: '数值',
  unit: '单位',
  source: '在计算结果中的位置',
  colon: '：',
}

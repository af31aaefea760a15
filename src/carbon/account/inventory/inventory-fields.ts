export const approachNames = ['operational', 'financial', 'equity'] as const
export const gwpSetNames = ['SAR', 'AR4', 'AR5', 'AR5-ccf', 'AR6'] as const
export const fallbackNames = ['earlier-year', 'grid-region', 'country', 'anywhere'] as const

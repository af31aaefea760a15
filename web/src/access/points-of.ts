/** Points that somebody wrote down, one a line or with commas. */
export const pointsOf = (text: string): readonly string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))]

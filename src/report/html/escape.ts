import { cleanText } from '../model/text.ts'

const marks: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Text as it may stand in an element and in a quoted attribute. */
export const escapeHtml = (text: string): string => cleanText(text).replace(/[&<>"'`]/g, (mark) => marks[mark]!)

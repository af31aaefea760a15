import type { Paint } from '../chart/scene.ts'

/** Colours on paper; those of the console in its light theme. */
export const paints: Readonly<Record<Paint | 'accent' | 'wash', string>> = {
  ink: '#182520',
  soft: '#495651',
  line: '#d6dcd9',
  strong: '#aab4af',
  paper: '#ffffff',
  good: '#246e3a',
  bad: '#be222a',
  open: '#955e00',
  accent: '#0d6848',
  wash: '#eef7f1',
  series0: '#0d6848',
  series1: '#df911a',
  series2: '#1e4798',
  series3: '#6fc6de',
  series4: '#c348a7',
  series5: '#7d8792',
}

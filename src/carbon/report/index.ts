import type { PackReport } from '../../kernel/index.ts'
import type { Language } from '../../report/index.ts'
import type { AccountOutput } from '../account/index.ts'
import type { VerdictOutput } from '../verdict/index.ts'
import { accountReport } from './account-report.ts'
import { verdictReport } from './verdict-report.ts'

/** What runs of this room's engines are reported as. */
export const carbonReports: readonly PackReport[] = [
  {
    engine: 'carbon.account',
    title: 'Greenhouse gas inventory',
    write: (output, run, language) => accountReport(output as AccountOutput, run, language as Language),
  },
  {
    engine: 'carbon.park-verdict',
    title: 'Verdict on a zero-carbon park',
    write: (output, run, language) => verdictReport(output as VerdictOutput, run, language as Language),
  },
]

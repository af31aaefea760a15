import type { LinkFigures } from '../../field-protocol.ts'

/** Figures of a link on Modbus: what every protocol has, and what goes on behind it. */
export interface ModbusFigures extends LinkFigures {
  readonly requests: number
  /** Answers after their time was up. */
  readonly late: number
  /** By device: whether it answers, and the last thing that went wrong with it. */
  readonly units: Readonly<Record<string, UnitFigures>>
}

export interface UnitFigures {
  readonly silent: boolean
  readonly lastHeardMs: number | undefined
  readonly lastProblem: string | undefined
}

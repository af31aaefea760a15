import type { PlanOutput } from '../api/types.ts'
import type { LookUp } from '../park/flow.ts'

export const planSteps = (plan: PlanOutput): number => Object.values(plan.series)[0]?.length ?? 0
export const planStepMs = (plan: Pick<PlanOutput, 'stepMinutes'>): number => plan.stepMinutes * 60_000

/** The step of a plan that a moment falls in; undefined outside of it. */
export function planStepAt(plan: PlanOutput, timestampMs: number): number | undefined {
  const step = Math.floor((timestampMs - plan.startMs) / planStepMs(plan))
  return step >= 0 && step < planSteps(plan) ? step : undefined
}

export const planValues =
  (plan: PlanOutput, step: number | undefined): LookUp =>
  (ref) =>
    step === undefined ? undefined : (plan.series[ref]?.[step] ?? undefined)

/** Starts of all steps of a plan, ms. */
export const planStarts = (plan: PlanOutput): readonly number[] =>
  Array.from({ length: planSteps(plan) }, (_, step) => plan.startMs + step * planStepMs(plan))

export const planEndMs = (plan: PlanOutput): number => plan.startMs + planSteps(plan) * planStepMs(plan)

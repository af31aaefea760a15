interface ProgressProps {
  readonly label: string
  /** 0 to 1; undefined where nobody knows how far it is. */
  readonly share: number | undefined
}

/** How far a thing is that takes long. */
export const Progress = ({ label, share }: ProgressProps) => (
  <progress className="progress" aria-label={label} max={1} {...(share === undefined ? {} : { value: share })} />
)

import { Link } from '@tanstack/react-router'

interface BreadcrumbProps {
  readonly label: string
  /** From the outermost in; the last is the page itself. */
  readonly trail: readonly { readonly title: string; readonly to?: string }[]
}

/** Where a page stands among the others. */
export const Breadcrumb = ({ label, trail }: BreadcrumbProps) => (
  <nav className="ui-trail" aria-label={label}>
    <ol>
      {trail.map(({ title, to }) => (
        <li key={title}>
          {to === undefined ? (
            <span aria-current="page" title={title}>
              {title}
            </span>
          ) : (
            <Link to={to} title={title}>
              {title}
            </Link>
          )}
        </li>
      ))}
    </ol>
  </nav>
)

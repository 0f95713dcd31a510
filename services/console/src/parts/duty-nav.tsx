import { NavLink } from 'react-router';

const pages = [
  { to: '/duty', title: '值班表' },
  { to: '/notifications', title: '通知台账' },
  { to: '/silences', title: '静默与抑制' },
  { to: '/routes', title: '路由与渠道' },
  { to: '/alert-policy', title: '时限规则' },
  { to: '/drills', title: '演练' },
];

/** Whether an address is one of the pages about who is told, when and how. */
export function isDuty(pathname: string): boolean {
  return pages.some(({ to }) => pathname.startsWith(to));
}

/** The way between them. */
export function DutyNav() {
  return (
    <nav className="duty-nav" aria-label="值班与通知">
      {pages.map(({ to, title }) => (
        <NavLink key={to} to={to}>
          {title}
        </NavLink>
      ))}
    </nav>
  );
}

import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../queries.ts';

/** What the signed-in account may do; the API decides, this only spares people buttons that would be refused. */
export function useAllowed(): { act: boolean; manage: boolean } {
  const role = useQuery(sessionQuery).data?.account?.role;
  return { act: role === 'admin' || role === 'analyst', manage: role === 'admin' };
}

import type { AlertDetail } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { sentence } from '../client.ts';
import { patchAlert } from '../queries.ts';

interface CaseAct {
  run: () => Promise<AlertDetail>;
  /** Closes the dialog that asked for it. An act without one must not close a dialog that was opened meanwhile. */
  done?: () => void;
}

/** An act on a case: its answer is what the case is now, for the case itself and every list it is in. */
export function useCaseAct(alert: Pick<AlertDetail, 'id'>) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: ({ run }: CaseAct) => run(),
    onSuccess: (detail, { done }) => {
      client.setQueryData(['alert', detail.id], detail);
      patchAlert(client, detail);
      done?.();
    },
    onError: (error) => {
      void client.invalidateQueries({ queryKey: ['alert', alert.id] });
      void message.error(sentence(error));
    },
  });
}

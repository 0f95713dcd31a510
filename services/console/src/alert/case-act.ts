import type { AlertDetail } from '@guanlan/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { sentence } from '../client.ts';
import { patchAlert } from '../queries.ts';

/** An act on a case: its answer is what the case is now, for the case itself and every list it is in. */
export function useCaseAct(alert: Pick<AlertDetail, 'id'>, onDone: () => void) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: (act: () => Promise<AlertDetail>) => act(),
    onSuccess: (detail) => {
      client.setQueryData(['alert', detail.id], detail);
      patchAlert(client, detail);
      onDone();
    },
    onError: (error) => {
      void client.invalidateQueries({ queryKey: ['alert', alert.id] });
      void message.error(sentence(error));
    },
  });
}

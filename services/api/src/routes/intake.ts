import { intakeAnswer, intakeRequest } from '@guanlan/contracts';
import { actorIn } from '../auth/authenticate.ts';
import type { ApiContext, ApiServer } from '../context.ts';
import { takeIn } from '../intake.ts';
import { problemResponse } from '../problem.ts';

const bodyLimit = 16 * 2 ** 20;

export function addIntakeRoutes(app: ApiServer, context: ApiContext): void {
  app.post(
    '/api/v1/intake',
    {
      bodyLimit,
      config: { permission: 'intake' },
      schema: {
        summary: '由其他系统成批送入信息；按 externalId 幂等',
        tags: ['intake'],
        body: intakeRequest,
        response: { 200: intakeAnswer, default: problemResponse },
      },
    },
    async (request) => takeIn(context, actorIn(request).name, request.body.items),
  );
}

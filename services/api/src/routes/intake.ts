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
        summary: '由其他系统成批送入信息；按 externalId 幂等。每批至多 500 条、16 MB，有一条不合格则整批不收',
        tags: ['intake'],
        body: intakeRequest,
        response: { 200: intakeAnswer, default: problemResponse },
      },
    },
    async (request) => {
      const actor = actorIn(request);
      return takeIn(context, { name: actor.name, local: actor.kind === 'token' && actor.token.local }, request.body.items);
    },
  );
}

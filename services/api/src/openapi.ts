import type { FastifyDynamicSwaggerOptions, SwaggerTransformObject } from '@fastify/swagger';
import { createJsonSchemaTransformObject } from 'fastify-type-provider-zod';

/** The head of /api/openapi.json; the paths are drawn from the routes' own schemas. */
export function openapi(): NonNullable<FastifyDynamicSwaggerOptions['openapi']> {
  return {
    openapi: '3.1.0',
    info: {
      title: '观澜 Guanlan',
      version: '1',
      description: '时间为 ISO 8601（UTC）。没有办成的请求回答 application/problem+json（RFC 9457）。',
    },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'guanlan_session', description: '网页登录' },
        token: { type: 'http', scheme: 'bearer', description: '接口令牌 gl_…，用 guanlan token add 新建' },
        unit: { type: 'http', scheme: 'bearer', description: '直报单位链接中的令牌 gu_…，用 guanlan unit add 新建；只能上报和查看回执' },
      },
    },
    security: [{ session: [] }, { token: [] }],
  };
}

const withComponents = createJsonSchemaTransformObject({});

/** Puts the named schemas of the contracts under `components`, without the request variants that no route takes. */
export const transformObject: SwaggerTransformObject = (parts) => {
  const document = withComponents(parts);
  if (!('components' in document)) return document;
  const paths = JSON.stringify(document.paths);
  const schemas = Object.entries(document.components?.schemas ?? {}).filter(
    ([name]) => !name.endsWith('Input') || paths.includes(`"#/components/schemas/${name}"`),
  );
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } } as typeof document;
};

import type { MiddlewareHandler } from 'hono';
import type { App } from '../app/app.ts';

/** Stands before the routes that read facts: each request sees what other processes have stored until then. */
export function refreshing({ closes }: Pick<App, 'closes'>): MiddlewareHandler {
  return async (_context, next) => {
    await closes.refresh();
    await next();
  };
}

import { describe, expect, it } from 'vitest';
import { articleLimits, parsePage } from './dom.ts';

describe('parsePage', () => {
  it.each([
    ['end tags of what is not open', '<ul><a>x</a></title>'.repeat(900)],
    ['one sort never closed, another closed too often', `${'<a>x</span>'.repeat(1_300)}`],
  ])('is not deceived about depth by %s', async (_, body) => {
    expect(await parsePage(`<html><body>${body}</body></html>`, articleLimits)).toBeNull();
  });

  it.each([
    ['elements left open inside closed ones', '<div><span>x</div>'.repeat(500)],
    ['stray end tags', '<p>x</b></span></div>'.repeat(500)],
  ])('reads a page with %s', async (_, body) => {
    expect(await parsePage(`<html><body>${body}</body></html>`, articleLimits)).not.toBeNull();
  });
});

import type { ReactNode } from 'react';

/** The frame of the pages before sign-in. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="gate">
      <section className="gate-box" aria-labelledby="gate-title">
        <p className="brand" translate="no">
          观澜
        </p>
        <h1 id="gate-title">{title}</h1>
        {children}
      </section>
      <p className="quiet gate-foot">网络舆情监测与回应 · 级别为内部提示</p>
    </main>
  );
}

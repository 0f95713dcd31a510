import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style/base.css';
import './style/level.css';
import './style/frame.css';
import './style/page.css';
import './style/desk.css';
import './style/case.css';
import './style/progress.css';
import './style/gate.css';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

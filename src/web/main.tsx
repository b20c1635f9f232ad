import './csp-first.ts';
import './ui/base.css';
import './ui/filters.css';
import './ui/table.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);

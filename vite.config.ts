import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  build: { outDir: '../../dist/web', emptyOutDir: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  // The sources' own folder api/ is not the API.
  server: { proxy: { '^/api/(?!client\\.ts|schema)': 'http://127.0.0.1:8787' } },
});

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

// `--mode mock` replaces the client by the fake back end in src/ipc/mock: for `npm run dev`, screenshots and axe.
// The bundle that ships is built without it.
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte(), svelteTesting()],
  build: {
    outDir: mode === 'mock' ? 'dist/mock' : 'dist/desktop',
    emptyOutDir: true,
    target: ['es2022', 'safari16'],
    // Fonts and pictures stay files: the content security policy allows no inline ones but data: images.
    assetsInlineLimit: 0,
    // A window asks the program for each file, so few files paint it sooner than small ones: what several windows use
    // is one script, and what they look like is one sheet.
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } } },
  },
  server: { port: 1420, strictPort: true },
  preview: { port: 1421, strictPort: true },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    // They share a computer with compilers.
    testTimeout: 20_000,
  },
}));

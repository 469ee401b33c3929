import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

/**
 * Builds one page, named by `--mode` (`report` or `console`), into a single HTML file without outside references, so
 * that a report opens from disk, offline.
 */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [preact({ devToolsEnabled: false }), viteSingleFile({ removeViteModuleLoader: true })],
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    emptyOutDir: false,
    modulePreload: false,
    rollupOptions: { input: `${import.meta.dirname}/${mode}.html` },
  },
}));

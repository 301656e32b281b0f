import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

/** The service worker must know the hashed chunks (to keep them) and change when anything does. */
function tellServiceWorker(): Plugin {
  return {
    name: "tell-service-worker",
    generateBundle(_options, bundle) {
      const files = Object.keys(bundle).filter((name) => name.endsWith(".js") && name !== "sw.js");
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") return;
      worker.code = worker.code
        .replace(/["'`]__CHUNKS__["'`]/, JSON.stringify(JSON.stringify(files.sort())))
        .replace(/__VERSION__/, digest(files));
    },
  };
}

function digest(names: string[]): string {
  const hash = createHash("sha256").update(names.join());
  for (const file of readdirSync("frontend/src", { recursive: true, encoding: "utf8" }).sort()) {
    if (file.endsWith(".ts") && !file.endsWith(".test.ts")) {
      hash.update(readFileSync(join("frontend/src", file)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "dist/islands",
    emptyOutDir: true,
    target: "es2020",
    modulePreload: false,
    rolldownOptions: {
      checks: { eval: false }, // htmx has one; allowEval=false and the CSP keep it asleep
      input: { main: "frontend/src/main.ts", sw: "frontend/src/sw.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // Nothing may import the entry: the server may serve it under a second, hashed name.
        advancedChunks: { groups: [{ name: "lib", test: /frontend\/src\/lib\// }] },
      },
    },
  },
  plugins: [tellServiceWorker()],
  test: { environment: "happy-dom", include: ["frontend/**/*.test.ts"] },
});

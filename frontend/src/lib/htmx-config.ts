/** htmx reads its settings from a meta tag while it starts, so the tag must be there before it is. */
export const HTMX_CONFIG = {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // pages with personal data must not stay in localStorage
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[45]..", swap: true, error: true },
  ],
};

export function tellHtmx(): void {
  const meta = document.createElement("meta");
  meta.name = "htmx-config";
  meta.content = JSON.stringify(HTMX_CONFIG);
  document.head.append(meta);
}

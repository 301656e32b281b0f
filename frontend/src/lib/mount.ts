/** Islands: `data-island="name"` lazily loads `islands/name.ts` and hands it the element. */

export type Leave = () => void;
export type Island = (element: HTMLElement, props: unknown) => Leave | void;

const modules = import.meta.glob<{ default: Island }>([
  "../islands/*.ts",
  "!../islands/*.test.ts",
]);
const mounted = new WeakMap<Element, Leave[]>();

/** `data-props` names a json_script; without it an island reads its data- attributes. */
export function propsOf(element: HTMLElement): unknown {
  const id = element.dataset["props"];
  const script = id ? document.getElementById(id) : null;
  return script?.textContent ? JSON.parse(script.textContent) : {};
}

export async function mountWithin(root: ParentNode & Node): Promise<void> {
  const elements = [...root.querySelectorAll<HTMLElement>("[data-island]")];
  if (root instanceof HTMLElement && root.dataset["island"]) elements.unshift(root);
  await Promise.all(elements.map(mount));
}

async function mount(element: HTMLElement): Promise<void> {
  if (mounted.has(element)) return;
  const leaves: Leave[] = [];
  mounted.set(element, leaves);
  for (const name of (element.dataset["island"] ?? "").split(/\s+/).filter(Boolean)) {
    const load = modules[`../islands/${name}.ts`];
    if (!load) {
      console.error(`no island named ${name}`);
      continue;
    }
    const { default: island } = await load();
    const leave = island(element, propsOf(element));
    if (leave) leaves.push(leave);
  }
}

export function unmount(element: Element): void {
  for (const leave of mounted.get(element) ?? []) leave();
  mounted.delete(element);
}
